package dev.holdfast.redis.pausing;

import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.pausing.Pause.Extent;
import dev.holdfast.redis.resp.RespError;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/// The subcommands of CLIENT that have all clients wait, and go on.
public final class PauseCommands {
    private final Pause pause;
    private final Supplier<Collection<Session>> clients;

    /// @param clients all that are connected
    public PauseCommands(Pause pause, Supplier<Collection<Session>> clients) {
        this.pause = pause;
        this.clients = clients;
    }

    /// The subcommands, in the order of the alphabet.
    public List<Syntax> all() {
        return List.of(
                sub("PAUSE", -3, this::parsePause)
                        .docs(
                                Group.CONNECTION,
                                "2.9.50",
                                "O(1)",
                                "Stop processing commands from clients for some time",
                                "timeout [WRITE | ALL]"),
                sub("UNPAUSE", 2, _ -> (SessionCommand) this::goOn)
                        .docs(
                                Group.CONNECTION,
                                "6.2.0",
                                "O(N) Where N is the number of paused clients",
                                "Resume processing of clients that were paused",
                                ""));
    }

    private static Syntax sub(String name, int arity, Parser parser) {
        return Syntax.session(name, arity, parser)
                .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE);
    }

    private SessionCommand parsePause(Words words) {
        if (2 < words.count()) throw new RespError(RespError.SYNTAX);
        boolean isWrite = words.is(1, "WRITE");
        if (words.count() == 2 && !isWrite && !words.is(1, "ALL"))
            throw new RespError("ERR CLIENT PAUSE mode must be WRITE or ALL");
        long millis =
                Numbers.integer(words.bytes(0), "ERR timeout is not an integer or out of range");
        if (millis < 0) throw new RespError("ERR timeout is negative");
        return _ -> {
            pause.begin(millis, isWrite ? Extent.WRITE : Extent.ALL);
            return Reply.OK;
        };
    }

    private Reply goOn(Session session) {
        pause.end();
        clients.get().forEach(client -> client.peer().wake());
        return Reply.OK;
    }
}
