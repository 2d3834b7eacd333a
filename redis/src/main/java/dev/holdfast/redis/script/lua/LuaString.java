package dev.holdfast.redis.script.lua;

import dev.holdfast.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A string of Lua: any bytes. Immutable; compared by value.
public final class LuaString implements Comparable<LuaString> {
    /// The string of no bytes.
    public static final LuaString EMPTY = new LuaString(new byte[0]);

    private static final int OVERHEAD = 48;

    private final byte[] bytes;
    private int hash;
    private boolean isHashed;
    int mark;

    private LuaString(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The string of `bytes`, which nobody changes any more.
    public static LuaString wrap(byte[] bytes) {
        return new LuaString(bytes);
    }

    /// The string of the characters of `text` in UTF-8.
    public static LuaString of(String text) {
        return new LuaString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The string of `bytes`.
    public static LuaString of(Bytes bytes) {
        return new LuaString(bytes.toArray());
    }

    /// How many bytes it has.
    public int length() {
        return bytes.length;
    }

    /// The byte at `index`, from 0 to 255.
    public int at(int index) {
        return bytes[index] & 0xff;
    }

    /// The bytes themselves; nobody may change them.
    public byte[] array() {
        return bytes;
    }

    /// The bytes as the rest of the server knows them.
    public Bytes toBytes() {
        return Bytes.wrap(bytes);
    }

    /// The bytes from `start` up to and without `end`.
    public LuaString slice(int start, int end) {
        if (start == 0 && end == bytes.length) return this;
        return start >= end ? EMPTY : new LuaString(Arrays.copyOfRange(bytes, start, end));
    }

    /// The bytes as characters, as far as they are UTF-8.
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// About how much memory it takes.
    long size() {
        return OVERHEAD + (long) bytes.length;
    }

    // The hash of Lua 5.1 itself: tables are then walked in the same order as there.
    int luaHash() {
        if (isHashed) return hash;
        int value = bytes.length;
        int step = (bytes.length >> 5) + 1;
        for (int left = bytes.length; step <= left; left -= step)
            value ^= (value << 5) + (value >>> 2) + (bytes[left - 1] & 0xff);
        hash = value;
        isHashed = true;
        return value;
    }

    @Override
    public int compareTo(LuaString other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof LuaString string && Arrays.equals(bytes, string.bytes);
    }

    @Override
    public int hashCode() {
        return luaHash();
    }

    @Override
    public String toString() {
        return text();
    }
}
