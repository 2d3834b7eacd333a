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
import dev.holdfast.redis.script.lua.HostFunction;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.Memory;
import dev.holdfast.redis.script.lua.Values;
import java.util.List;

/// The world that scripts find: libraries that all of them share and none can change, and globals
/// of their own. Thread-safe.
public final class Sandbox {
    private final LuaTable globals;
    private final LuaTable metatable;
    private final LuaTable stringMetatable;

    private Sandbox(LuaTable redis) {
        LuaTable strings = TextLibrary.table().freeze();
        Library base = Library.shared();
        GlobalLibrary.addTo(base);
        this.globals =
                base.with("bit", BitLibrary.table().freeze())
                        .with("cjson", JsonLibrary.table().freeze())
                        .with("cmsgpack", MessagePackLibrary.table().freeze())
                        .with("coroutine", GlobalLibrary.coroutines().freeze())
                        .with("math", MathLibrary.table().freeze())
                        .with("redis", redis.freeze())
                        .with("string", strings)
                        .with("struct", StructLibrary.table().freeze())
                        .with("table", TableLibrary.table().freeze())
                        .table();
        this.metatable =
                Library.shared()
                        .with(
                                "__index",
                                call -> {
                                    LuaString name = Values.stringOrNull(call.at(2));
                                    throw LuaError.located(
                                            "Script attempted to access nonexistent global variable"
                                                    + " '"
                                                    + (name == null ? "?" : name.text())
                                                    + "'");
                                })
                        .table()
                        .freeze();
        this.stringMetatable = Library.shared().with("__index", (Object) strings).table().freeze();
    }

    /// For what runs.
    static Sandbox forRuns() {
        return new Sandbox(RedisLibrary.whole().table());
    }

    /// For libraries of functions while they load.
    ///
    /// @param register what they register functions with
    static Sandbox forLoading(HostFunction.Body register) {
        return new Sandbox(RedisLibrary.whole().with("register_function", register).table());
    }

    /// A machine with globals of its own.
    Machine machine(Memory memory, Object host, Machine.Watch watch) {
        LuaTable own = globals.copy(memory);
        own.metatable(metatable);
        own.set("_G", own);
        return new Machine(memory, new Machine.Setting(own, stringMetatable, host, watch));
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
