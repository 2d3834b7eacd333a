package dev.holdfast.redis.admin;

import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.watch.HelpPage;
import java.util.ArrayList;
import java.util.List;

/// Commands on what is not here, a cluster and modules: they answer as a server of Redis does that
/// has neither.
public final class RefusedCommands {
    private static final String NO_CLUSTER = "ERR This instance has cluster support disabled";
    private static final String NO_MODULES =
            "ERR MODULE command not allowed: there are no modules here";
    private static final String MODULE_HELP =
            """
            MODULE <subcommand> [<arg> [value] [opt] ...]. Subcommands are:
            LIST
                Return a list of loaded modules.
            HELP
                Prints this help.
            """;

    /// The subcommands of CLUSTER, each with its arity; those with a star are for administrators.
    private static final String CLUSTER =
            """
            ADDSLOTS -3 *
            ADDSLOTSRANGE -4 *
            BUMPEPOCH 2 *
            COUNT-FAILURE-REPORTS 3 *
            COUNTKEYSINSLOT 3
            DELSLOTS -3 *
            DELSLOTSRANGE -4 *
            FAILOVER -2 *
            FLUSHSLOTS 2 *
            FORGET 3 *
            GETKEYSINSLOT 4
            HELP 2
            INFO 2
            KEYSLOT 3
            LINKS 2
            MEET -4 *
            MYID 2
            NODES 2
            REPLICAS 3 *
            REPLICATE 3 *
            RESET -2 *
            SAVECONFIG 2 *
            SET-CONFIG-EPOCH 3 *
            SETSLOT -4 *
            SHARDS 2
            SLAVES 3 *
            SLOTS 2
            """;

    private RefusedCommands() {}

    /// The commands, in the order of the alphabet.
    public static List<Syntax> all() {
        return List.of(
                refused("ASKING", 1, NO_CLUSTER)
                        .flags(Flag.FAST)
                        .categories(Category.CONNECTION)
                        .docs(Group.SERVER, "3.0.0", "O(1)", "Sent by cluster clients", ""),
                cluster(),
                module(),
                onReplica("READONLY", "Enables read queries for a connection to a replica"),
                onReplica("READWRITE", "Disables read queries for a connection to a replica"));
    }

    private static Syntax refused(String name, int arity, String why) {
        return Syntax.session(name, arity, _ -> (SessionCommand) session -> refuse(session, why));
    }

    private static Reply refuse(Session session, String why) {
        throw new RespError(why);
    }

    private static Syntax onReplica(String name, String summary) {
        return refused(name, 1, NO_CLUSTER)
                .flags(Flag.LOADING, Flag.STALE, Flag.FAST)
                .categories(Category.CONNECTION)
                .docs(Group.SERVER, "3.0.0", "O(1)", summary, "");
    }

    private static Syntax cluster() {
        List<Syntax> subcommands = new ArrayList<>();
        for (String line : CLUSTER.lines().toList()) {
            String[] words = line.split(" ");
            Syntax bare = refused(words[0], Integer.parseInt(words[1]), NO_CLUSTER);
            Syntax flagged = words.length == 3 ? bare.flags(Flag.ADMIN) : bare;
            subcommands.add(
                    flagged.flags(Flag.STALE)
                            .docs(Group.SERVER, "3.0.0", "O(1)", "CLUSTER " + words[0], ""));
        }
        return Syntax.container("CLUSTER", subcommands)
                .docs(
                        Group.SERVER,
                        "3.0.0",
                        "Depends on subcommand.",
                        "A container for cluster commands",
                        "");
    }

    private static Syntax module() {
        return Syntax.container(
                        "MODULE",
                        List.of(
                                HelpPage.of(MODULE_HELP, Group.SERVER, "5.0.0"),
                                Syntax.session(
                                                "LIST",
                                                2,
                                                _ -> (SessionCommand) _ -> Reply.EMPTY_ARRAY)
                                        .flags(Flag.ADMIN, Flag.NOSCRIPT)
                                        .docs(
                                                Group.SERVER,
                                                "4.0.0",
                                                "O(N) where N is the number of loaded modules.",
                                                "List all modules loaded by the server",
                                                ""),
                                load("LOAD", -3, "Load a module"),
                                load("LOADEX", -3, "Load a module with extended parameters"),
                                load("UNLOAD", 3, "Unload a module")))
                .docs(
                        Group.SERVER,
                        "4.0.0",
                        "Depends on subcommand.",
                        "A container for module commands",
                        "");
    }

    private static Syntax load(String name, int arity, String summary) {
        return refused(name, arity, NO_MODULES)
                .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING)
                .docs(Group.SERVER, "4.0.0", "O(1)", summary, "");
    }
}
