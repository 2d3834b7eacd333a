package dev.holdfast.redis.script.lua;

import dev.holdfast.redis.script.lua.Closure.Upvalue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A thread of Lua: a stack of values and one of calls. Not thread-safe.
public final class Coroutine {
    /// The most calls within calls.
    static final int DEPTH_MAX = 20_000;

    private static final int STACK_MAX = 1 << 20;
    private static final int VALUE_BYTES = 8;
    private static final int FRAME_BYTES = 80;

    private final Memory memory;
    @Nullable Object[] stack = new Object[64];
    private @Nullable Frame[] frames = new Frame[8];
    private int depth;
    private @Nullable Upvalue open; // the highest first
    Status status = Status.FRESH;
    final @Nullable Object body;
    int hostCalls; // of the machine, when it was resumed
    int mark;

    /// What a coroutine is doing.
    enum Status {
        /// It was not called yet.
        FRESH,
        /// It gave up control, and may be called again.
        SUSPENDED,
        /// It runs.
        RUNNING,
        /// It runs another one.
        NORMAL,
        /// It has ended.
        DEAD
    }

    Coroutine(Memory memory, @Nullable Object body) {
        this.memory = memory;
        this.body = body;
        memory.charge(size());
    }

    int depth() {
        return depth;
    }

    /// The call that is under way; null if none is.
    @Nullable Frame frame() {
        return depth == 0 ? null : frames[depth - 1];
    }

    Frame present() {
        return frameAt(depth - 1);
    }

    Frame frameAt(int index) {
        return java.util.Objects.requireNonNull(frames[index]);
    }

    void push(Frame frame) {
        if (DEPTH_MAX <= depth) throw new LuaError("stack overflow");
        if (frames.length == depth) {
            memory.charge((long) depth * FRAME_BYTES);
            frames = Arrays.copyOf(frames, depth * 2);
        }
        frames[depth++] = frame;
    }

    void pop() {
        frames[--depth] = null;
    }

    /// Gives up all calls above the first `depthBefore`.
    void unwind(int depthBefore) {
        while (depthBefore < depth) {
            closeFrom(present().base);
            pop();
        }
    }

    /// Where free room begins on the stack.
    int top() {
        Frame frame = frame();
        return frame == null ? 0 : Math.max(frame.end(), frame.top);
    }

    void ensure(int size) {
        if (size <= stack.length) return;
        if (STACK_MAX < size) throw new LuaError("stack overflow");
        int grown = Math.max(size, stack.length * 2);
        memory.charge((long) (grown - stack.length) * VALUE_BYTES);
        stack = Arrays.copyOf(stack, grown);
    }

    Upvalue capture(int index) {
        Upvalue previous = null;
        Upvalue each = open;
        while (each != null && index < each.index) {
            previous = each;
            each = each.next;
        }
        if (each != null && each.index == index) return each;
        var captured = new Upvalue(this, index);
        captured.next = each;
        if (previous == null) open = captured;
        else previous.next = captured;
        return captured;
    }

    void closeFrom(int index) {
        while (open != null && index <= open.index) {
            Upvalue closed = open;
            open = closed.next;
            closed.close();
            closed.next = null;
        }
    }

    long size() {
        return 128 + (long) stack.length * VALUE_BYTES + (long) frames.length * FRAME_BYTES;
    }

    void visit(Memory.Visitor visitor) {
        int end = Math.min(stack.length, top());
        for (int i = 0; i < end; i++) visitor.visit(stack[i]);
        for (int i = 0; i < depth; i++) {
            Frame frame = java.util.Objects.requireNonNull(frames[i]);
            visitor.visit(frame.closure);
            for (Object value : frame.rest) visitor.visit(value);
        }
        visitor.visit(body);
    }
}
