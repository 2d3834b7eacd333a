package dev.holdfast.redis.script.lua;

/// A function of Lua: written in Lua, or by the host.
public sealed interface LuaFunction permits Closure, HostFunction {}
