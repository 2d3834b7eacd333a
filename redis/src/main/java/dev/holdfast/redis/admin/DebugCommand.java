package dev.holdfast.redis.admin;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Db;
import dev.holdfast.redis.command.BoundCommand;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Invocation;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keys.KeyCommands;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.keyspace.StringForm;
import dev.holdfast.redis.resp.ReplyWriter.Truth;
import dev.holdfast.redis.resp.RespError;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/// `DEBUG subcommand`: what the tests of clients do to a server. Refused unless the server was
/// started with `enable-debug-command`.
public final class DebugCommand {
    private static final String NOT_ALLOWED =
            "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\","
                    + " you can run it from a local connection, otherwise you need to set this"
                    + " option in the configuration file, and then restart the server.";
    private static final String HELP =
            """
            DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:
            CHANGE-REPL-ID
                Do nothing: there is no replication.
            ERROR <string>
                Return a Redis protocol error with <string> as message.
            LOG <message>
                Write <message> to the server log.
            LOADAOF
                As RELOAD.
            OBJECT <key>
                Show low level info about `key` and associated value.
            POPULATE <count> [<prefix>] [<size>]
                Create <count> string keys named key:<num>. If <prefix> is specified then
                it is used instead of the 'key' prefix. Values are of <size> bytes.
            PROTOCOL <type>
                Reply with a test value of the specified type. <type> can be: string,
                integer, double, null, array, set, map, push, verbatim, true, false.
            QUICKLIST-PACKED-THRESHOLD <size>
                Do nothing: lists are not kept in nodes.
            RELOAD [option ...]
                Put what is in memory and in logs into tables.
            SET-ACTIVE-EXPIRE <0|1>
                Setting it to 0 disables expiring keys in background.
            SET-DISABLE-DENY-SCRIPTS <0|1>
                Do nothing: what is denied to scripts stays denied.
            SLEEP <seconds>
                Have this client, and no other, wait for <seconds>. Decimals allowed.
            HELP
                Prints this help.
            """;
    private static final System.Logger LOG = System.getLogger(DebugCommand.class.getName());
    private static final double SLEEP_SECONDS_MAX = 3_600;
    private static final long SIZE_MAX = 1 << 20;

    private final Env env;
    private final Db db;
    private final AtomicBoolean expires;
    private final Predicate<Session> isAllowed;

    /// @param expires whether keys whose time is over are removed before somebody asks for them
    public DebugCommand(Env env, Db db, AtomicBoolean expires, Predicate<Session> isAllowed) {
        this.env = env;
        this.db = db;
        this.expires = expires;
        this.isAllowed = isAllowed;
    }

    /// The command.
    public Syntax syntax() {
        return Syntax.session("DEBUG", -2, this::parse)
                .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
                .docs(
                        Group.SERVER,
                        "1.0.0",
                        "Depends on subcommand.",
                        "A container for debugging commands",
                        "");
    }

    private Invocation parse(Words words) {
        return switch (words.text(0).toUpperCase(Locale.ROOT) + " " + (words.count() - 1)) {
            case "CHANGE-REPL-ID 0" -> allowed(_ -> Reply.OK);
            case "ERROR 1" -> allowed(_ -> Reply.error(line(words.text(1))));
            case "HELP 0" -> allowed(_ -> Reply.array(HELP.lines().map(Reply::simple).toList()));
            case "LOG 1" -> allowed(_ -> log(words.text(1)));
            case "LOADAOF 0", "RELOAD 0", "RELOAD 1", "RELOAD 2", "RELOAD 3" ->
                    allowed(_ -> reload());
            case "POPULATE 1", "POPULATE 2", "POPULATE 3" -> populate(words);
            case "QUICKLIST-PACKED-THRESHOLD 1", "SET-DISABLE-DENY-SCRIPTS 1" ->
                    allowed(_ -> Reply.OK);
            case "OBJECT 1" -> (BoundCommand) session -> describe(session, words.key(1));
            case "PROTOCOL 1" -> allowed(_ -> sample(words.text(1)));
            case "SET-ACTIVE-EXPIRE 1" -> allowed(_ -> expire(words.text(1)));
            case "SLEEP 1" -> allowed(session -> sleep(session, words.bytes(1)));
            default -> allowed(_ -> unknown(words.text(0)));
        };
    }

    private SessionCommand allowed(SessionCommand command) {
        return session -> {
            check(session);
            return command.run(session);
        };
    }

    private void check(Session session) {
        if (!isAllowed.test(session)) throw new RespError(NOT_ALLOWED);
    }

    private static Reply unknown(String word) {
        throw new RespError(
                "ERR unknown subcommand or wrong number of arguments for '"
                        + RespError.preview(word)
                        + "'. Try DEBUG HELP.");
    }

    // An error is one line.
    private static String line(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }

    private static Reply log(String message) {
        LOG.log(System.Logger.Level.WARNING, "DEBUG LOG: {0}", line(message));
        return Reply.OK;
    }

    private Reply reload() {
        db.flushMemtables();
        return Reply.OK;
    }

    private Reply expire(String word) {
        expires.set(!word.equals("0"));
        return Reply.OK;
    }

    private Reply sleep(Session session, Bytes word) {
        Double seconds = Numbers.realOrNull(word.toUtf8());
        if (seconds == null || seconds.isNaN() || seconds <= 0) return Reply.OK;
        double bounded = Math.min(SLEEP_SECONDS_MAX, seconds);
        return Vigil.keep(session, Reply.OK, env.nanoTime(), (long) (bounded * 1e9));
    }

    private BoundCommand populate(Words words) {
        long count = words.integer(1);
        String prefix = words.count() < 3 ? "key" : words.text(2);
        int size = words.count() < 4 ? 0 : (int) Math.clamp(words.integer(3), 0, SIZE_MAX);
        return session -> {
            check(session);
            return keyspace -> {
                for (long i = 0; i < count; i++) populate(keyspace, prefix + ":" + i, i, size);
                return Reply.OK;
            };
        };
    }

    // Values are cut or filled up with zeros.
    private static void populate(Keyspace keyspace, String name, long number, int size) {
        Bytes key = Bytes.utf8(name);
        if (keyspace.exists(key)) return;
        Bytes value = Bytes.utf8("value:" + number);
        if (0 < size) {
            byte[] sized = new byte[size];
            value.slice(0, Math.min(size, value.length())).copyTo(sized, 0);
            value = Bytes.wrap(sized);
        }
        keyspace.hold(key.length() + (long) value.length());
        keyspace.overwriteAt(key).set(value, StringForm.PLAIN, Meta.NO_EXPIRY);
    }

    private Command describe(Session session, Bytes key) {
        check(session);
        return keyspace -> describe(keyspace, key);
    }

    // In Redis's form, which clients parse: there is no address, and no access is noted.
    private static Reply describe(Keyspace keyspace, Bytes key) {
        Meta meta = keyspace.find(key);
        if (meta == null) throw new RespError(RespError.NO_SUCH_KEY);
        return Reply.simple(
                "Value at:0x0 refcount:1 encoding:"
                        + KeyCommands.encoding(keyspace, key)
                        + " serializedlength:"
                        + keyspace.bytes(key, meta, Long.MAX_VALUE)
                        + " lru:0 lru_seconds_idle:0");
    }

    private static Reply sample(String type) {
        List<Reply> three = List.of(Reply.ZERO, Reply.ONE, Reply.integer(2));
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "string" -> Reply.bulk("Hello World");
            case "integer" -> Reply.integer(12345);
            case "double" -> Reply.real(3.141);
            case "null" -> Reply.NULL;
            case "array" -> Reply.array(three);
            case "set" -> Reply.set(three);
            case "map" ->
                    Reply.map(
                            List.of(
                                    Reply.ZERO,
                                    Reply.truth(Truth.NO),
                                    Reply.ONE,
                                    Reply.truth(Truth.YES),
                                    Reply.integer(2),
                                    Reply.truth(Truth.NO)));
            case "push" -> Reply.push(List.of(Reply.bulk("server-cpu-usage"), Reply.integer(42)));
            case "verbatim" -> Reply.verbatim("This is a verbatim\nstring");
            case "true" -> Reply.truth(Truth.YES);
            case "false" -> Reply.truth(Truth.NO);
            default ->
                    throw new RespError(
                            "ERR Wrong protocol type name. Please use one of the following:"
                                    + " string|integer|double|null|array|set|map|push|verbatim|true"
                                    + "|false");
        };
    }
}
