package dev.holdfast.redis.script.lua;

import org.jspecify.annotations.Nullable;

/// A function written in Lua, with the variables that it took along.
public final class Closure implements LuaFunction {
    private static final int BYTES = 64;

    final Prototype prototype;
    final Upvalue[] upvalues;
    int mark;

    public Closure(Prototype prototype) {
        this(prototype, new Upvalue[0]);
    }

    Closure(Prototype prototype, Upvalue[] upvalues) {
        this.prototype = prototype;
        this.upvalues = upvalues;
    }

    long size() {
        return BYTES + 48L * upvalues.length;
    }

    void visit(Memory.Visitor visitor) {
        for (Upvalue upvalue : upvalues) visitor.visit(upvalue.get());
    }

    /// A variable that outlives, or may outlive, the function which it was local to.
    static final class Upvalue {
        private @Nullable Coroutine owner; // on whose stack it lies; null once it is closed
        final int index;
        private @Nullable Object value;
        @Nullable Upvalue next;

        Upvalue(Coroutine owner, int index) {
            this.owner = owner;
            this.index = index;
        }

        @Nullable Object get() {
            return owner == null ? value : owner.stack[index];
        }

        void set(@Nullable Object changed) {
            if (owner == null) value = changed;
            else owner.stack[index] = changed;
        }

        void close() {
            value = get();
            owner = null;
        }
    }
}
