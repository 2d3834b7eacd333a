package dev.holdfast.redis.script.library;

import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.Machine;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A string while it is put together; it counts as held by the script. Not thread-safe.
final class TextBuffer {
    private final Machine machine;
    private byte[] bytes = new byte[64];
    private int length;

    TextBuffer(Machine machine) {
        this.machine = machine;
    }

    int length() {
        return length;
    }

    TextBuffer add(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
        return this;
    }

    TextBuffer add(LuaString text) {
        return add(text.array(), 0, text.length());
    }

    /// Characters that are bytes.
    TextBuffer add(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.ISO_8859_1);
        return add(encoded, 0, encoded.length);
    }

    TextBuffer add(byte[] source, int from, int to) {
        ensure(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    LuaString done() {
        machine.memory().charge(length + 48L);
        return LuaString.wrap(Arrays.copyOf(bytes, length));
    }

    private void ensure(int more) {
        if (more <= bytes.length - length) return;
        long grown =
                Math.max((long) length + more, Math.min(bytes.length * 2L, Integer.MAX_VALUE - 64));
        byte[] room = machine.room(grown);
        System.arraycopy(bytes, 0, room, 0, length);
        bytes = room;
    }
}
