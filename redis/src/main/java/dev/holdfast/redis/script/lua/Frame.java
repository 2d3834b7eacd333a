package dev.holdfast.redis.script.lua;

import org.jspecify.annotations.Nullable;

/// One call of a function written in Lua, under way. Not thread-safe.
final class Frame {
    final Closure closure;
    final long[] code;
    final @Nullable Object[] constants;
    final int base; // where its registers begin
    final int target; // where its results go
    final int wanted; // how many of them; -1: all
    final @Nullable Object[] rest; // the arguments beyond those with names
    int at; // the next instruction
    boolean isEntry; // called by the host
    int top; // where values of an open number end

    Frame(Closure closure, int base, int target, int wanted, @Nullable Object[] rest) {
        this.closure = closure;
        this.code = closure.prototype.code();
        this.constants = closure.prototype.constants();
        this.base = base;
        this.target = target;
        this.wanted = wanted;
        this.rest = rest;
    }

    Prototype prototype() {
        return closure.prototype;
    }

    /// Where the registers end.
    int end() {
        return base + closure.prototype.shape().registers();
    }

    int line() {
        return closure.prototype.lines()[Math.max(0, at - 1)];
    }
}
