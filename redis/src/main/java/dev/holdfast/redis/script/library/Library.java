package dev.holdfast.redis.script.library;

import dev.holdfast.redis.script.lua.HostFunction;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Memory;

/// A table of functions while it is filled. Not thread-safe.
public record Library(LuaTable table) {
    /// An empty one that belongs to no script.
    public static Library shared() {
        return new Library(new LuaTable(Memory.UNCOUNTED));
    }

    /// This library with the function `name`.
    public Library with(String name, HostFunction.Body body) {
        table.set(name, new HostFunction(name, body));
        return this;
    }

    /// This library with a value called `name`.
    public Library with(String name, Object value) {
        table.set(name, value);
        return this;
    }
}
