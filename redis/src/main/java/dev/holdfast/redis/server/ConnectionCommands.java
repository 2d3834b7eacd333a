package dev.holdfast.redis.server;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.acl.Guard;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.resp.Protocol;
import dev.holdfast.redis.resp.RespError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The commands with which a client introduces itself, looks whether anybody is there, and leaves.
public final class ConnectionCommands {
    /// The version of Redis whose behaviour is promised.
    public static final String REDIS_VERSION = "7.0.15";

    private static final Reply PONG = Reply.simple("PONG");
    private static final String WRONG_PASSWORD =
            "WRONGPASS invalid username-password pair or user is disabled.";
    private static final String NO_PASSWORD =
            "ERR AUTH <password> called without any password configured for the default user."
                    + " Are you sure your configuration is correct?";
    private static final String HELLO_NEEDS_AUTH =
            "NOAUTH HELLO must be called with the client already authenticated, otherwise the"
                    + " HELLO <proto> AUTH <user> <pass> option can be used to authenticate the"
                    + " client and select the RESP protocol version at the same time";

    private final Guard guard;

    public ConnectionCommands(Guard guard) {
        this.guard = guard;
    }

    /// The commands, in the order of the manual.
    public List<Syntax> all() {
        return List.of(auth(), echo(), hello(), ping(), quit(), reset(), select());
    }

    /// A new session, or one that starts over, needs no password if there is none.
    public void welcome(Session session) {
        guard.welcome(session);
    }

    private Syntax auth() {
        return syntax("AUTH", -2, this::parseAuth)
                .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.NO_AUTH)
                .flags(Flag.ALLOW_BUSY)
                .docs(
                        Group.CONNECTION,
                        "1.0.0",
                        "O(N) where N is the number of passwords defined for the user",
                        "Authenticate to the server",
                        "[username] password");
    }

    private static Syntax echo() {
        return syntax("ECHO", 2, words -> answer(Reply.bulk(words.bytes(0))))
                .flags(Flag.LOADING, Flag.STALE, Flag.FAST)
                .docs(Group.CONNECTION, "1.0.0", "O(1)", "Echo the given string", "message");
    }

    private Syntax hello() {
        return syntax("HELLO", -1, this::parseHello)
                .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.NO_AUTH)
                .flags(Flag.ALLOW_BUSY)
                .docs(
                        Group.CONNECTION,
                        "6.0.0",
                        "O(1)",
                        "Handshake with Redis",
                        "[protover [AUTH username password] [SETNAME clientname]]");
    }

    private static Syntax ping() {
        return syntax("PING", -1, ConnectionCommands::parsePing)
                .flags(Flag.FAST)
                .docs(Group.CONNECTION, "1.0.0", "O(1)", "Ping the server", "[message]");
    }

    private static Syntax quit() {
        return syntax("QUIT", -1, _ -> (SessionCommand) ConnectionCommands::leave)
                .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.NO_AUTH)
                .flags(Flag.ALLOW_BUSY)
                .docs(Group.CONNECTION, "1.0.0", "O(1)", "Close the connection", "");
    }

    private Syntax reset() {
        return syntax("RESET", 1, _ -> (SessionCommand) this::startOver)
                .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.NO_AUTH)
                .flags(Flag.ALLOW_BUSY)
                .docs(Group.CONNECTION, "6.2.0", "O(1)", "Reset the connection", "");
    }

    private static Syntax select() {
        return syntax("SELECT", 2, words -> choose(words.integer(0)))
                .flags(Flag.LOADING, Flag.STALE, Flag.FAST)
                .docs(
                        Group.CONNECTION,
                        "1.0.0",
                        "O(1)",
                        "Change the selected database for the current connection",
                        "index");
    }

    private static Syntax syntax(String name, int arity, Parser parser) {
        return Syntax.session(name, arity, parser);
    }

    private static SessionCommand answer(Reply reply) {
        return _ -> reply;
    }

    private static SessionCommand parsePing(Words words) {
        if (1 < words.count()) throw RespError.arity("ping");
        Reply told = words.count() == 0 ? Reply.EMPTY_BULK : Reply.bulk(words.bytes(0));
        Reply plain = words.count() == 0 ? PONG : told;
        return session -> session.isListening() ? Reply.array(Reply.bulk("pong"), told) : plain;
    }

    private SessionCommand parseAuth(Words words) {
        if (2 < words.count()) throw new RespError(RespError.SYNTAX);
        Bytes password = words.bytes(words.count() - 1);
        Bytes user = words.count() == 2 ? words.bytes(0) : null;
        return session -> {
            if (user == null && guard.isOpenToAll()) throw new RespError(NO_PASSWORD);
            logIn(session, user, password, "auth");
            return Reply.OK;
        };
    }

    private void logIn(Session session, @Nullable Bytes user, Bytes password, String command) {
        String name = user == null ? Session.DEFAULT_USER : user.toUtf8();
        if (!guard.logIn(session, name, password, command)) throw new RespError(WRONG_PASSWORD);
    }

    private SessionCommand parseHello(Words words) {
        var hello = new Hello();
        Options options = words.options(0);
        if (options.more()) hello.version(options.integer(Hello.NOT_A_VERSION));
        while (options.more()) hello.option(options);
        return session -> {
            if (hello.password != null) logIn(session, hello.user, hello.password, "hello");
            if (!guard.letsIn(session)) throw new RespError(HELLO_NEEDS_AUTH);
            if (hello.protocol != null) session.speak(hello.protocol);
            if (hello.name != null) session.name(hello.name);
            return greeting(session);
        };
    }

    private static Reply greeting(Session session) {
        return Reply.map(
                List.of(
                        Reply.bulk("server"),
                        Reply.bulk("redis"),
                        Reply.bulk("version"),
                        Reply.bulk(REDIS_VERSION),
                        Reply.bulk("proto"),
                        Reply.integer(session.protocol().number()),
                        Reply.bulk("id"),
                        Reply.integer(session.id()),
                        Reply.bulk("mode"),
                        Reply.bulk("standalone"),
                        Reply.bulk("role"),
                        Reply.bulk("master"),
                        Reply.bulk("modules"),
                        Reply.EMPTY_ARRAY));
    }

    private static Reply leave(Session session) {
        session.end(Session.Ending.AFTER_REPLIES);
        return Reply.OK;
    }

    private Reply startOver(Session session) {
        session.reset();
        welcome(session);
        return Reply.simple("RESET");
    }

    private static SessionCommand choose(long index) {
        if (index < 0 || Keyspaces.COUNT <= index) throw new RespError(RespError.DB_OUT_OF_RANGE);
        return session -> {
            session.select((int) index);
            return Reply.OK;
        };
    }

    /// What a HELLO asks for.
    private static final class Hello {
        static final String NOT_A_VERSION =
                "ERR Protocol version is not an integer or out of range";

        private @Nullable Protocol protocol;
        private @Nullable Bytes user;
        private @Nullable Bytes password;
        private @Nullable Bytes name;

        void version(long number) {
            if (number < 2 || 3 < number)
                throw new RespError("NOPROTO unsupported protocol version");
            protocol = number == 3 ? Protocol.RESP3 : Protocol.RESP2;
        }

        void option(Options options) {
            Bytes word = options.bytes();
            if (Numbers.isKeyword(word, "AUTH") && 2 <= options.left()) {
                user = options.bytes();
                password = options.bytes();
            } else if (Numbers.isKeyword(word, "SETNAME") && options.more()) {
                name = ClientNames.checked(options.bytes());
            } else
                throw new RespError(
                        "ERR Syntax error in HELLO option '"
                                + RespError.preview(word.toUtf8())
                                + "'");
        }
    }
}
