package dev.holdfast.redis.server;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import java.util.List;

/// `CONFIG ...`: the parameters of the running server.
public final class ConfigCommands {
    private static final List<String> HELP =
            List.of(
                    "CONFIG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                    "GET <pattern>",
                    "    Return parameters matching the glob-like <pattern> and their values.",
                    "SET <directive> <value>",
                    "    Set the configuration <directive> to <value>.",
                    "RESETSTAT",
                    "    Reset statistics reported by the INFO command.",
                    "REWRITE",
                    "    Rewrite the configuration file.",
                    "HELP",
                    "    Prints this help.");

    private final ServerConfig config;
    private final Runnable reset;

    /// @param reset has the figures of INFO start over
    public ConfigCommands(ServerConfig config, Runnable reset) {
        this.config = config;
        this.reset = reset;
    }

    /// The one command, with its subcommands.
    public Syntax syntax() {
        return Syntax.container(
                        "CONFIG",
                        List.of(
                                sub("GET", "2.0.0", -3, this::parseGet),
                                Syntax.help(Group.SERVER, "5.0.0", HELP),
                                sub(
                                        "RESETSTAT",
                                        "2.0.0",
                                        2,
                                        _ -> (SessionCommand) this::resetStats),
                                sub("REWRITE", "2.8.0", 2, _ -> (SessionCommand) this::rewrite),
                                sub("SET", "2.0.0", -4, this::parseSet)))
                .docs(
                        Group.SERVER,
                        "2.0.0",
                        "Depends on subcommand.",
                        "A container for server configuration commands",
                        "");
    }

    private static Syntax sub(String name, String since, int arity, Parser parser) {
        return Syntax.session(name, arity, parser)
                .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
                .docs(Group.SERVER, since, "O(N)", "CONFIG " + name, "");
    }

    private SessionCommand parseGet(Words words) {
        List<Bytes> patterns = words.keys(0);
        return _ -> Reply.map(config.matching(patterns).stream().map(Reply::bulk).toList());
    }

    private SessionCommand parseSet(Words words) {
        if (words.count() % 2 != 0) throw RespError.arity("config|set");
        List<String> given = words.keys(0).stream().map(Bytes::toUtf8).toList();
        return _ -> {
            config.set(given);
            return Reply.OK;
        };
    }

    private Reply resetStats(Session session) {
        reset.run();
        return Reply.OK;
    }

    private Reply rewrite(Session session) {
        config.rewrite();
        return Reply.OK;
    }
}
