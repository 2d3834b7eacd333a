package dev.holdfast.redis.server;

import dev.holdfast.redis.command.Reply;
import java.util.List;

/// The answer to a `HELP` subcommand.
final class Help {
    private Help() {}

    static Reply of(List<String> lines) {
        return Reply.array(lines.stream().map(Reply::simple).toList());
    }
}
