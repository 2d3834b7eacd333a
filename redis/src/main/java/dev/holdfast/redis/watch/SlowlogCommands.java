package dev.holdfast.redis.watch;

import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import java.util.List;

/// `SLOWLOG ...`: the calls that took long.
final class SlowlogCommands {
    private static final long SHOWN_DEFAULT = 10;
    private static final String HELP =
            """
            SLOWLOG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:
            GET [<count>]
                Return top <count> entries from the slowlog (default: 10, -1 mean all).
                Entries are made of:
                id, timestamp, time in microseconds, arguments array, client IP and port,
                client name
            LEN
                Return the length of the slowlog.
            RESET
                Reset the slowlog.
            HELP
                Prints this help.
            """;

    private final Slowlog slowlog;

    SlowlogCommands(Slowlog slowlog) {
        this.slowlog = slowlog;
    }

    Syntax syntax() {
        return Syntax.container(
                        "SLOWLOG",
                        List.of(
                                sub("GET", -2, "Get the slow log's entries", this::parseGet),
                                HelpPage.of(HELP, Group.SERVER, "6.2.0"),
                                sub("LEN", 2, "Get the slow log's length", _ -> length()),
                                sub(
                                        "RESET",
                                        2,
                                        "Clear all entries from the slow log",
                                        _ -> clear())))
                .docs(
                        Group.SERVER,
                        "2.2.12",
                        "Depends on subcommand.",
                        "A container for slow log commands",
                        "");
    }

    private static Syntax sub(String name, int arity, String summary, Parser parser) {
        return Syntax.session(name, arity, parser)
                .flags(Flag.ADMIN, Flag.LOADING, Flag.STALE)
                .docs(Group.SERVER, "2.2.12", "O(N)", summary, name.equals("GET") ? "[count]" : "");
    }

    private SessionCommand parseGet(Words words) {
        if (1 < words.count())
            throw new RespError(
                    "ERR unknown subcommand or wrong number of arguments for 'GET'. Try SLOWLOG"
                            + " HELP.");
        String complaint = "ERR count should be greater than or equal to -1";
        long count = words.count() == 0 ? SHOWN_DEFAULT : words.integer(0, complaint);
        if (count < -1) throw new RespError(complaint);
        return _ ->
                Reply.array(slowlog.newest(count).stream().map(SlowlogCommands::shown).toList());
    }

    private static Reply shown(Slowlog.Entry entry) {
        return Reply.array(
                Reply.integer(entry.id()),
                Reply.integer(entry.seconds()),
                Reply.integer(entry.micros()),
                Reply.array(entry.words().stream().map(Reply::bulk).toList()),
                Reply.bulk(entry.client().address()),
                Reply.bulk(entry.client().name()));
    }

    private SessionCommand length() {
        return _ -> Reply.integer(slowlog.size());
    }

    private SessionCommand clear() {
        return _ -> {
            slowlog.clear();
            return Reply.OK;
        };
    }
}
