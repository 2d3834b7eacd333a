package dev.holdfast.redis.watch;

import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;

/// The subcommand `HELP` of a container.
public final class HelpPage {
    private HelpPage() {}

    /// One that answers the lines of `page`.
    public static Syntax of(String page, Group group, String since) {
        Reply lines = Reply.array(page.lines().map(Reply::simple).toList());
        return Syntax.session("HELP", 2, _ -> (SessionCommand) _ -> lines)
                .flags(Flag.LOADING, Flag.STALE)
                .docs(
                        group,
                        since,
                        "O(1)",
                        "Show helpful text about the different subcommands",
                        "");
    }
}
