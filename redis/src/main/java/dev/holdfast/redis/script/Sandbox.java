package dev.holdfast.redis.script;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.script.library.BitLibrary;
import dev.holdfast.redis.script.library.GlobalLibrary;
import dev.holdfast.redis.script.library.JsonLibrary;
import dev.holdfast.redis.script.library.Library;
import dev.holdfast.redis.script.library.MathLibrary;
import dev.holdfast.redis.script.library.MessagePackLibrary;
import dev.holdfast.redis.script.library.StructLibrary;
import dev.holdfast.redis.script.library.TableLibrary;
import dev.holdfast.redis.script.library.TextLibrary;
import dev.holdfast.redis.script.lua.Call;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.Memory;
import dev.holdfast.redis.script.lua.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The world that scripts and functions find: libraries that all of them share and none can change;
/// scripts have globals of their own, functions have none. Thread-safe.
public final class Sandbox {
    private static final LuaString INDEX = LuaString.of("__index");

    private final LuaTable metatable =
            Library.shared().with("__index", Sandbox::complain).table().freeze();
    private final LuaTable strings = TextLibrary.table().freeze();
    private final LuaTable stringMetatable =
            Library.shared().with("__index", (Object) strings).table().freeze();
    private final LuaTable ofScripts = globals(RedisLibrary.ofScripts().table());
    private final LuaTable ofFunctions = globals(RedisLibrary.ofFunctions().table());
    private final LuaTable ofLoading;

    Sandbox() {
        LuaTable redis = RedisLibrary.ofLoading().table();
        redis.metatable(metatable);
        ofFunctions.metatable(metatable);
        ofFunctions.set("_G", ofFunctions);
        ofFunctions.freeze();
        ofLoading = Library.shared().with("redis", (Object) redis.freeze()).table();
        ofLoading.metatable(metatable);
        ofLoading.freeze();
    }

    private LuaTable globals(LuaTable redis) {
        Library base = Library.shared();
        GlobalLibrary.addTo(base);
        return base.with("bit", BitLibrary.table().freeze())
                .with("cjson", JsonLibrary.table().freeze())
                .with("cmsgpack", MessagePackLibrary.table().freeze())
                .with("coroutine", GlobalLibrary.coroutines().freeze())
                .with("math", MathLibrary.table().freeze())
                .with("redis", redis.freeze())
                .with("string", strings)
                .with("struct", StructLibrary.table().freeze())
                .with("table", TableLibrary.table().freeze())
                .table();
    }

    private static @Nullable Object[] complain(Call call) {
        LuaString name = Values.stringOrNull(call.at(2));
        throw LuaError.located(
                "Script attempted to access nonexistent global variable '"
                        + (name == null ? "?" : name.text())
                        + "'");
    }

    /// A machine for a script, with globals of its own.
    Machine machine(Memory memory, Object host, Machine.Watch watch) {
        LuaTable own = ofScripts.copy(memory);
        own.metatable(metatable);
        own.set("_G", own);
        return new Machine(memory, new Machine.Setting(own, stringMetatable, host, watch));
    }

    /// A machine for a library of functions, which finds little while it loads.
    Machine libraryMachine(Memory memory, Object host, Machine.Watch watch) {
        var own = new LuaTable(memory);
        own.metatable(Library.shared().with("__index", (Object) ofLoading).table());
        own.freeze();
        return new Machine(memory, new Machine.Setting(own, stringMetatable, host, watch));
    }

    /// The library on `machine` has loaded: its functions find what functions do. No script can
    /// reach the metatable that this changes.
    void open(Machine machine) {
        LuaTable change = machine.globals().metatable();
        if (change == null) throw new AssertionError("not the machine of a library");
        change.set(INDEX, ofFunctions);
    }

    /// `words` in a row.
    static LuaTable list(Machine machine, List<Bytes> words) {
        var table = new LuaTable(machine.memory(), words.size(), 0);
        for (int i = 0; i < words.size(); i++) {
            machine.memory().charge(words.get(i).length() + 48L);
            table.set(i + 1, LuaString.of(words.get(i)));
        }
        return table;
    }
}
