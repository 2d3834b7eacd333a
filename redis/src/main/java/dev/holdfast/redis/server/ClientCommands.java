package dev.holdfast.redis.server;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.ReplyMode;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// `CLIENT ...`: who is connected, under which name, and off with them.
public final class ClientCommands {
    private static final List<String> HELP =
            List.of(
                    "CLIENT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                    "CACHING (YES|NO)",
                    "    Enable/disable tracking of the keys for next command in OPTIN/OPTOUT"
                            + " modes.",
                    "DURABILITY [MEMORY|LOCAL|REMOTE|DEFAULT]",
                    "    Show or choose what the replies to this connection wait for.",
                    "GETNAME",
                    "    Return the name of the current connection.",
                    "GETREDIR",
                    "    Return the client ID we are redirecting to when tracking is enabled.",
                    "ID",
                    "    Return the ID of the current connection.",
                    "INFO",
                    "    Return information about the current client connection.",
                    "KILL <ip:port>",
                    "    Kill connection made from <ip:port>.",
                    "KILL <option> <value> [<option> <value> [...]]",
                    "    Kill connections by ADDR, LADDR, TYPE, USER, ID, SKIPME (YES|NO).",
                    "LIST [TYPE NORMAL|MASTER|REPLICA|PUBSUB] [ID <id> [<id> ...]]",
                    "    Return information about client connections.",
                    "NO-EVICT (ON|OFF)",
                    "    Protect current client connection from eviction.",
                    "NO-TOUCH (ON|OFF)",
                    "    Will not touch LRU/LFU stats when this mode is on.",
                    "PAUSE <timeout> [WRITE|ALL]",
                    "    Suspend all, or just write, clients for <timeout> milliseconds.",
                    "REPLY (ON|OFF|SKIP)",
                    "    Control the replies sent to the current connection.",
                    "SETINFO (LIB-NAME|LIB-VER) <value>",
                    "    Set the name or the version of the client's library.",
                    "SETNAME <name>",
                    "    Assign the name <name> to the current connection.",
                    "TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]",
                    "         [OPTIN] [OPTOUT] [NOLOOP]",
                    "    Control server assisted client side caching.",
                    "TRACKINGINFO",
                    "    Report tracking status for the current connection.",
                    "UNBLOCK <clientid> [TIMEOUT|ERROR]",
                    "    Unblock the specified blocked client.",
                    "UNPAUSE",
                    "    Stop the current client pause, resuming traffic.",
                    "HELP",
                    "    Prints this help.");

    private static final Reply UNBLOCKED =
            Reply.error("UNBLOCKED client unblocked via CLIENT UNBLOCK");

    private final Clients clients;
    private final ClientDurability durability;
    private final Predicate<String> isUser;
    private final Env env;

    private final List<Syntax> more;

    /// @param more subcommands of other rooms
    /// @param isUser tells whether there is a user of a name
    public ClientCommands(
            Clients clients,
            ServerConfig config,
            Predicate<String> isUser,
            Env env,
            List<Syntax> more) {
        this.isUser = isUser;
        this.clients = clients;
        this.more = more;
        durability = new ClientDurability(config);
        this.env = env;
    }

    /// The one command, with its subcommands.
    public Syntax syntax() {
        List<Syntax> all = new ArrayList<>(own());
        all.addAll(more);
        all.sort(Comparator.comparing(Syntax::name));
        return Syntax.container("CLIENT", all)
                .docs(
                        Group.CONNECTION,
                        "2.4.0",
                        "Depends on subcommand.",
                        "A container for client connection commands",
                        "");
    }

    private List<Syntax> own() {
        return List.of(
                sub("DURABILITY", "7.0.0", -2, durability::parse),
                sub("GETNAME", "2.6.9", 2, _ -> (SessionCommand) ClientCommands::name),
                Syntax.help(Group.CONNECTION, "5.0.0", HELP),
                sub("ID", "5.0.0", 2, _ -> (SessionCommand) s -> Reply.integer(s.id())),
                sub("INFO", "6.2.0", 2, _ -> (SessionCommand) this::describe),
                sub("KILL", "2.4.0", -3, this::parseKill).flags(Flag.ADMIN),
                sub("LIST", "2.4.0", -2, this::parseList).flags(Flag.ADMIN),
                sub("NO-EVICT", "7.0.0", 3, ClientCommands::parseNoEvict).flags(Flag.ADMIN),
                sub("NO-TOUCH", "7.2.0", 3, ClientCommands::parseNoTouch),
                sub("REPLY", "3.2.0", 3, ClientCommands::parseReply),
                sub("SETINFO", "7.2.0", 4, ClientCommands::parseSetInfo),
                sub("SETNAME", "2.6.9", 3, ClientCommands::parseSetName),
                sub("UNBLOCK", "5.0.0", -3, this::parseUnblock).flags(Flag.ADMIN));
    }

    private static Syntax sub(String name, String since, int arity, Parser parser) {
        return Syntax.session(name, arity, parser)
                .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
                .docs(Group.CONNECTION, since, "O(1)", "CLIENT " + name, "");
    }

    private static Reply name(Session session) {
        return session.name().isEmpty() ? Reply.NULL : Reply.bulk(session.name());
    }

    private Reply describe(Session session) {
        return Reply.verbatim(ClientLine.of(session, env.nanoTime()));
    }

    private SessionCommand parseList(Words words) {
        if (words.count() == 0) return _ -> list(_ -> true);
        if (words.is(0, "TYPE") && words.count() == 2) return list(words.text(1));
        if (!words.is(0, "ID") || words.count() < 2) throw new RespError(RespError.SYNTAX);
        Set<Long> wanted = new HashSet<>();
        for (int i = 1; i < words.count(); i++)
            wanted.add(words.integer(i, "ERR Invalid client ID"));
        return _ -> list(session -> wanted.contains(session.id()));
    }

    private SessionCommand list(String type) {
        Predicate<Session> wanted = ClientTypes.of(type);
        return _ -> list(wanted);
    }

    /// How a call that waits is ended from outside.
    private enum Ending {
        TIMEOUT,
        ERROR;

        boolean end(Session.@Nullable Block waiting) {
            if (waiting == null) return false;
            return switch (this) {
                case TIMEOUT -> waiting.expire();
                case ERROR -> waiting.end(UNBLOCKED);
            };
        }
    }

    private SessionCommand parseUnblock(Words words) {
        long id = words.integer(0);
        boolean withError = words.count() == 2 && words.is(1, "ERROR");
        boolean isKnown = words.count() == 1 || withError || words.is(1, "TIMEOUT");
        if (2 < words.count() || !isKnown)
            throw new RespError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
        Ending ending = withError ? Ending.ERROR : Ending.TIMEOUT;
        return _ -> {
            long ended = 0;
            for (Session session : clients.all())
                if (session.id() == id) ended += ending.end(session.block()) ? 1 : 0;
            return Reply.integer(ended);
        };
    }

    private Reply list(Predicate<Session> wanted) {
        var lines = new StringBuilder();
        long now = env.nanoTime();
        for (Session session : clients.all())
            if (wanted.test(session)) lines.append(ClientLine.of(session, now));
        return Reply.verbatim(lines.toString());
    }

    private SessionCommand parseKill(Words words) {
        if (words.count() == 1) return killOne(words.text(0));
        if (words.count() % 2 != 0) throw new RespError(RespError.SYNTAX);
        var filter = new KillFilter(isUser);
        for (Options options = words.options(0); options.more(); ) filter.add(options);
        return session -> Reply.integer(kill(session, filter));
    }

    private SessionCommand killOne(String address) {
        return session -> {
            Predicate<Session> wanted = other -> other.peer().remoteAddress().equals(address);
            if (killAll(session, wanted) == 0) throw new RespError("ERR No such client");
            return Reply.OK;
        };
    }

    private long kill(Session session, KillFilter filter) {
        return killAll(session, other -> filter.wants(other, session));
    }

    private long killAll(Session session, Predicate<Session> wanted) {
        long killed = 0;
        for (Session other : clients.all()) {
            if (!wanted.test(other)) continue;
            if (other == session) session.end(Session.Ending.AFTER_REPLIES);
            else other.peer().kill();
            killed++;
        }
        return killed;
    }

    private static SessionCommand parseNoEvict(Words words) {
        boolean on = isOn(words);
        return session -> {
            if (on) session.spare();
            else session.unspare();
            return Reply.OK;
        };
    }

    private static SessionCommand parseNoTouch(Words words) {
        boolean on = isOn(words);
        return session -> {
            if (on) session.untouch();
            else session.touch();
            return Reply.OK;
        };
    }

    private static boolean isOn(Words words) {
        if (words.is(0, "ON")) return true;
        if (words.is(0, "OFF")) return false;
        throw new RespError(RespError.SYNTAX);
    }

    private static SessionCommand parseReply(Words words) {
        if (words.is(0, "ON"))
            return session -> {
                session.replyMode(ReplyMode.ON);
                return Reply.OK;
            };
        if (words.is(0, "OFF"))
            return session -> {
                session.replyMode(ReplyMode.OFF);
                return Reply.NONE;
            };
        if (!words.is(0, "SKIP")) throw new RespError(RespError.SYNTAX);
        return session -> {
            if (session.replyMode() == ReplyMode.ON) session.replyMode(ReplyMode.SKIP_NEXT);
            return Reply.NONE;
        };
    }

    private static SessionCommand parseSetInfo(Words words) {
        Bytes value = words.bytes(1);
        boolean isName = words.is(0, "LIB-NAME");
        if (!isName && !words.is(0, "LIB-VER"))
            throw new RespError(
                    "ERR Unrecognized option '" + RespError.preview(words.text(0)) + "'");
        if (!ClientNames.isPlain(value))
            throw new RespError(
                    "ERR "
                            + (isName ? "lib-name" : "lib-ver")
                            + " cannot contain spaces, newlines or special characters.");
        return session -> {
            if (isName) session.libraryName(value);
            else session.libraryVersion(value);
            return Reply.OK;
        };
    }

    private static SessionCommand parseSetName(Words words) {
        Bytes name = ClientNames.checked(words.bytes(0));
        return session -> {
            session.name(name);
            return Reply.OK;
        };
    }
}
