package dev.holdfast.redis.script.lua;

/// The pointer of C that points nowhere, as a value of Lua: what stands for null inside tables.
public enum NullPointer {
    NULL
}
