package dev.holdfast.redis.script;

import static dev.holdfast.redis.script.lua.HostFunction.NOTHING;
import static dev.holdfast.redis.script.lua.HostFunction.one;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.resp.Protocol;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.Registration.Stage;
import dev.holdfast.redis.script.library.Library;
import dev.holdfast.redis.script.lua.Call;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Values;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `redis`: what scripts have of the server.
final class RedisLibrary {
    private static final System.Logger LOG = System.getLogger("dev.holdfast.redis.script");
    private static final String VERSION = "7.0.15"; // whose behaviour scripts find
    private static final double VERSION_NUMBER = 0x7_000f;
    private static final int LOGGED_MAX = 1024;
    private static final Level[] LEVELS = {Level.DEBUG, Level.DEBUG, Level.INFO, Level.WARNING};

    private RedisLibrary() {}

    /// What libraries of functions find while they load.
    static Library ofLoading() {
        return ofAll().with("register_function", Registration::register);
    }

    private static Library ofAll() {
        return Library.shared()
                .with("LOG_DEBUG", (Object) 0.0)
                .with("LOG_VERBOSE", (Object) 1.0)
                .with("LOG_NOTICE", (Object) 2.0)
                .with("LOG_WARNING", (Object) 3.0)
                .with("REDIS_VERSION", LuaString.of(VERSION))
                .with("REDIS_VERSION_NUM", (Object) VERSION_NUMBER)
                .with("log", RedisLibrary::log);
    }

    /// What functions find when they run.
    static Library ofFunctions() {
        return ofAll().with("REPL_NONE", (Object) 0.0)
                .with("REPL_AOF", (Object) 1.0)
                .with("REPL_SLAVE", (Object) 2.0)
                .with("REPL_REPLICA", (Object) 2.0)
                .with("REPL_ALL", (Object) 3.0)
                .with("acl_check_cmd", RedisLibrary::isPermitted)
                .with("call", call -> run(call, Failing.RAISED))
                .with("error_reply", RedisLibrary::errorReply)
                .with("pcall", call -> run(call, Failing.RETURNED))
                .with("set_repl", RedisLibrary::setReplication)
                .with("setresp", RedisLibrary::setProtocol)
                .with("sha1hex", RedisLibrary::hash)
                .with("status_reply", RedisLibrary::statusReply);
    }

    /// What scripts find when they run.
    static Library ofScripts() {
        return ofFunctions()
                .with("breakpoint", _ -> one(false))
                .with("debug", _ -> NOTHING)
                .with("replicate_commands", _ -> one(true));
    }

    /// What becomes of an error.
    private enum Failing {
        RAISED,
        RETURNED
    }

    private static InnerCalls calls(Call call) {
        if (call.machine().host() instanceof InnerCalls calls) return calls;
        throw LuaError.of(
                new LuaReplies(call.machine(), Protocol.RESP2)
                        .error(
                                "ERR redis.call/pcall can only be called inside a script"
                                        + " invocation"));
    }

    private static LuaTable table(Call call, String text) {
        return new LuaReplies(call.machine(), Protocol.RESP2).error("ERR " + text);
    }

    /// The error `text`, as functions of the server throw it.
    static LuaError raised(Call call, String text) {
        return LuaError.of(table(call, text));
    }

    private static @Nullable Object[] run(Call call, Failing failing) {
        InnerCalls calls = calls(call);
        String wrong = null;
        List<Bytes> words = new ArrayList<>(call.count());
        if (call.count() == 0)
            wrong = "Please specify at least one argument for this redis lib call";
        for (Object argument : call.arguments()) {
            Bytes word = word(argument);
            if (word == null) wrong = "Lua redis lib command arguments must be strings or integers";
            else words.add(word);
        }
        if (wrong != null) {
            LuaTable error = table(call, wrong);
            if (failing == Failing.RAISED) throw LuaError.of(error);
            return one(error);
        }
        call.machine().steps(20);
        Reply reply = calls.call(words);
        Object value = new LuaReplies(call.machine(), calls.protocol()).of(reply);
        if (reply instanceof Reply.Failure && failing == Failing.RAISED) throw LuaError.of(value);
        return one(value);
    }

    // Numbers with all their digits.
    private static @Nullable Bytes word(@Nullable Object argument) {
        return switch (argument) {
            case LuaString text -> text.toBytes();
            case Double number -> Bytes.utf8(Values.general(number, 17));
            case null, default -> null;
        };
    }

    private static @Nullable Object[] isPermitted(Call call) {
        List<Bytes> words = new ArrayList<>();
        for (Object argument : call.arguments()) {
            Bytes word = word(argument);
            if (word == null)
                throw raised(call, "redis.acl_check_cmd() require a command name and arguments");
            words.add(word);
        }
        if (words.isEmpty())
            throw raised(call, "Please specify at least one argument for this redis lib call");
        try {
            return one(calls(call).isPermitted(words));
        } catch (RespError unknown) {
            throw LuaError.of(new LuaReplies(call.machine(), Protocol.RESP2).error(unknown.text()));
        }
    }

    private static @Nullable Object[] errorReply(Call call) {
        boolean isText = call.count() == 1 && call.at(1) instanceof LuaString;
        if (!isText) return one(table(call, "wrong number or type of arguments"));
        String text = call.string(1).text();
        if (text.startsWith("-")) text = text.substring(1);
        String shown = text.strip();
        boolean hasCode = 0 <= text.indexOf(' ');
        return one(
                new LuaReplies(call.machine(), Protocol.RESP2)
                        .error(hasCode ? shown : "ERR " + shown));
    }

    private static @Nullable Object[] statusReply(Call call) {
        boolean isText = call.count() == 1 && call.at(1) instanceof LuaString;
        if (!isText) return one(table(call, "wrong number or type of arguments"));
        LuaTable table = call.machine().table();
        table.set(LuaReplies.OK, call.at(1));
        return one(table);
    }

    private static @Nullable Object[] hash(Call call) {
        if (call.count() != 1) throw raised(call, "wrong number of arguments");
        LuaString text = Values.stringOrNull(call.at(1));
        Bytes bytes = text == null ? Bytes.EMPTY : text.toBytes();
        return one(LuaString.of(ScriptSource.nameOf(bytes)));
    }

    private static @Nullable Object[] log(Call call) {
        if (call.count() < 2) throw raised(call, "redis.log() requires two arguments or more.");
        if (!(call.at(1) instanceof Double level))
            throw raised(call, "First argument must be a number (log level).");
        if (Registration.of(call.machine()).stage() == Stage.AGAIN) return NOTHING;
        if (level < 0 || LEVELS.length <= level) throw raised(call, "Invalid debug level.");
        var text = new StringBuilder();
        for (int i = 2; i <= call.count() && text.length() < LOGGED_MAX; i++) {
            LuaString part = Values.stringOrNull(call.at(i));
            if (part == null) continue;
            if (!text.isEmpty()) text.append(' ');
            text.append(ScriptResult.oneLine(part));
        }
        text.setLength(Math.min(text.length(), LOGGED_MAX));
        LOG.log(LEVELS[level.intValue()], "script says. text=`" + text + "`");
        return NOTHING;
    }

    private static @Nullable Object[] setProtocol(Call call) {
        if (call.count() != 1) throw raised(call, "redis.setresp() requires one argument.");
        Double version = Values.numberOrNull(call.at(1));
        if (version == null || version != 2 && version != 3)
            throw raised(call, "RESP version must be 2 or 3.");
        calls(call).speak(version == 2 ? Protocol.RESP2 : Protocol.RESP3);
        return NOTHING;
    }

    // Effects are what is kept, as one batch, whatever a script chooses.
    private static @Nullable Object[] setReplication(Call call) {
        if (call.count() != 1) throw raised(call, "redis.set_repl() requires two arguments.");
        Double flags = Values.numberOrNull(call.at(1));
        if (flags == null || flags < 0 || 3 < flags)
            throw raised(
                    call,
                    "Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or"
                            + " REPL_NONE.");
        return NOTHING;
    }
}
