package dev.holdfast.redis.script.library;

import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import org.jspecify.annotations.Nullable;

/// Reads values of MessagePack one after another. Not thread-safe.
final class MessagePackReader {
    private static final int DEPTH_MAX = 200;

    private final Machine machine;
    private final LuaString source;
    private int at;
    private int depth;

    MessagePackReader(Machine machine, LuaString source, int at) {
        this.machine = machine;
        this.source = source;
        this.at = at;
    }

    boolean more() {
        return at < source.length();
    }

    int at() {
        return at;
    }

    @Nullable Object next() {
        int pinned = machine.pinned();
        try {
            return read();
        } finally {
            machine.unpinTo(pinned);
        }
    }

    private @Nullable Object read() {
        machine.steps(1);
        int head = (int) unsigned(1);
        if (head <= 0x7f) return (double) head;
        if (0xe0 <= head) return (double) (byte) head;
        return switch (head & 0xf0) {
            case 0x80 -> map(head & 0x0f);
            case 0x90 -> array(head & 0x0f);
            case 0xa0, 0xb0 -> text(head & 0x1f);
            default -> tagged(head);
        };
    }

    private @Nullable Object tagged(int head) {
        return switch (head) {
            case 0xc0 -> null;
            case 0xc2 -> false;
            case 0xc3 -> true;
            case 0xca -> (double) Float.intBitsToFloat((int) unsigned(4));
            case 0xcb -> Double.longBitsToDouble(unsigned(8));
            case 0xcc -> (double) unsigned(1);
            case 0xcd -> (double) unsigned(2);
            case 0xce -> (double) unsigned(4);
            case 0xcf -> {
                long bits = unsigned(8);
                yield 0 <= bits ? (double) bits : (bits >>> 1) * 2.0 + (bits & 1);
            }
            case 0xd0 -> (double) (byte) unsigned(1);
            case 0xd1 -> (double) (short) unsigned(2);
            case 0xd2 -> (double) (int) unsigned(4);
            case 0xd3 -> (double) unsigned(8);
            case 0xd9 -> text(unsigned(1));
            case 0xda -> text(unsigned(2));
            case 0xdb -> text(unsigned(4));
            case 0xdc -> array(unsigned(2));
            case 0xdd -> array(unsigned(4));
            case 0xde -> map(unsigned(2));
            case 0xdf -> map(unsigned(4));
            default -> throw LuaError.located("Bad data format in input.");
        };
    }

    private long unsigned(int bytes) {
        check(bytes);
        long value = 0;
        for (int i = 0; i < bytes; i++) value = value << 8 | source.at(at++);
        return value;
    }

    private void check(long bytes) {
        if (source.length() - at < bytes) throw LuaError.located("Missing bytes in input.");
    }

    private LuaString text(long length) {
        check(length);
        machine.memory().charge(length + 48);
        at += (int) length;
        return source.slice(at - (int) length, at);
    }

    // Nothing is made by the count that is announced: each element has a byte at least.
    private LuaTable array(long count) {
        descend("mp_decode_to_lua_array");
        LuaTable table = machine.table();
        machine.pin(table);
        for (long i = 1; i <= count; i++) table.set((int) i, read());
        depth--;
        machine.unpin();
        return table;
    }

    private LuaTable map(long count) {
        descend("mp_decode_to_lua_hash");
        LuaTable table = machine.table();
        machine.pin(table);
        for (long i = 0; i < count; i++) {
            Object key = read();
            Machine.rawSet(table, key, read());
        }
        depth--;
        machine.unpin();
        return table;
    }

    private void descend(String where) {
        if (DEPTH_MAX < ++depth)
            throw LuaError.located("stack overflow (in function " + where + ")");
    }
}
