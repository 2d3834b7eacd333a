package dev.holdfast.redis.script;

import static java.util.Objects.requireNonNull;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.FunctionLibrary.Entry;
import dev.holdfast.redis.script.lua.Call;
import dev.holdfast.redis.script.lua.HostFunction;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaFunction;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.Values;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The functions that a library registers on one machine: `redis.register_function`. Used by one
/// thread.
final class Registration {
    private static final String FUNCTION = "redis.register_function";

    private final List<Registered> functions = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private Stage stage = Stage.OVER;

    /// A function, and what it does.
    record Registered(Entry entry, LuaFunction body) {}

    /// What a library is doing.
    enum Stage {
        /// It loads for the first time.
        FIRST,
        /// It loads once more, because one of its functions is called.
        AGAIN,
        /// It has loaded.
        OVER
    }

    /// That of `machine`.
    static Registration of(Machine machine) {
        return machine.attached(Registration.class, Registration::new);
    }

    /// What the library is doing.
    Stage stage() {
        return stage;
    }

    /// The library goes on to `next`.
    void goTo(Stage next) {
        stage = next;
    }

    /// What was registered, in turn.
    List<Registered> functions() {
        return functions;
    }

    /// Registers a function, whose arguments stand in a row or in one table.
    static @Nullable Object[] register(Call call) {
        Registration registration = of(call.machine());
        if (registration.stage == Stage.OVER)
            throw RedisLibrary.raised(
                    call, FUNCTION + " can only be called on FUNCTION LOAD command");
        var wanted = new Wanted(call);
        if (call.count() == 1) wanted.readNamed();
        else if (call.count() == 2) wanted.readInTurn();
        else throw RedisLibrary.raised(call, "wrong number of arguments to " + FUNCTION);
        registration.add(call, wanted);
        return HostFunction.NOTHING;
    }

    // Redis finds functions without minding capitals, and breaks if two of a library differ in
    // nothing else.
    private void add(Call call, Wanted wanted) {
        String name = requireNonNull(wanted.name).text();
        try {
            LibrarySource.checkName(name);
        } catch (RespError wrong) {
            throw RedisLibrary.raised(call, wrong.text().substring("ERR ".length()));
        }
        if (!names.add(name.toLowerCase(Locale.ROOT)))
            throw RedisLibrary.raised(call, "Function already exists in the library");
        LuaFunction body = requireNonNull(wanted.body);
        call.machine().pin(body);
        functions.add(new Registered(new Entry(name, wanted.description, wanted.flags), body));
    }

    /// What one call wants registered, while it is read.
    private static final class Wanted {
        private final Call call;
        private @Nullable LuaString name;
        private @Nullable Bytes description;
        private @Nullable LuaFunction body;
        private final Set<ScriptFlag> flags = EnumSet.noneOf(ScriptFlag.class);

        Wanted(Call call) {
            this.call = call;
        }

        void readInTurn() {
            name = Values.stringOrNull(call.at(1));
            if (name == null) throw wrong("first argument to " + FUNCTION + " must be a string");
            if (!(call.at(2) instanceof LuaFunction function))
                throw wrong("second argument to " + FUNCTION + " must be a function");
            body = function;
        }

        void readNamed() {
            if (!(call.at(1) instanceof LuaTable named))
                throw wrong(
                        "calling "
                                + FUNCTION
                                + " with a single argument is only applicable to Lua table"
                                + " (representing named arguments).");
            for (int at = named.after(null); 0 <= at; at = named.after(named.keyAt(at))) {
                LuaString key = Values.stringOrNull(named.keyAt(at));
                if (key == null)
                    throw wrong("named argument key given to " + FUNCTION + " is not a string");
                readOne(key.text().toLowerCase(Locale.ROOT), named.valueAt(at));
            }
            if (name == null) throw wrong(FUNCTION + " must get a function name argument");
            if (body == null) throw wrong(FUNCTION + " must get a callback argument");
        }

        private void readOne(String key, @Nullable Object value) {
            switch (key) {
                case "function_name" -> name = string(key, value);
                case "description" -> description = string(key, value).toBytes();
                case "callback" -> {
                    if (!(value instanceof LuaFunction function))
                        throw wrong(
                                "callback argument given to " + FUNCTION + " must be a function");
                    body = function;
                }
                case "flags" -> readFlags(value);
                default -> throw wrong("unknown argument given to " + FUNCTION);
            }
        }

        private LuaString string(String key, @Nullable Object value) {
            LuaString text = Values.stringOrNull(value);
            if (text == null)
                throw wrong(key + " argument given to " + FUNCTION + " must be a string");
            return text;
        }

        private void readFlags(@Nullable Object value) {
            if (!(value instanceof LuaTable words))
                throw wrong(
                        "flags argument to "
                                + FUNCTION
                                + " must be a table representing function flags");
            flags.clear();
            for (int i = 1; words.get(i) != null; i++) {
                LuaString word = Values.stringOrNull(words.get(i));
                ScriptFlag flag =
                        word == null ? null : ScriptFlag.of(word.text().toLowerCase(Locale.ROOT));
                if (flag == null) throw wrong("unknown flag given");
                flags.add(flag);
            }
        }

        private LuaError wrong(String text) {
            return RedisLibrary.raised(call, text);
        }
    }
}
