package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.rdb.RdbException.Damaged;

/// A walk over the bytes of a packed value, which never leaves them. Not thread-safe.
final class PackedBytes {
    private final Bytes bytes;
    private final long offset; // of the string that they came in
    private int next;

    PackedBytes(Bytes bytes, long offset) {
        this.bytes = bytes;
        this.offset = offset;
    }

    int length() {
        return bytes.length();
    }

    int position() {
        return next;
    }

    int left() {
        return bytes.length() - next;
    }

    int u8() {
        need(1);
        return bytes.at(next++) & 0xff;
    }

    /// The next byte, which stays.
    int peek() {
        need(1);
        return bytes.at(next) & 0xff;
    }

    /// A signed number of `count` bytes, least first.
    long little(int count) {
        long value = unsigned(count);
        int unused = Long.SIZE - Byte.SIZE * count;
        return value << unused >> unused;
    }

    /// A number of `count` bytes without sign, least first.
    long unsigned(int count) {
        need(count);
        long value = 0;
        for (int i = 0; i < count; i++) value |= (bytes.at(next++) & 0xffL) << Byte.SIZE * i;
        return value;
    }

    /// A number of `count` bytes without sign, greatest first.
    long big(int count) {
        need(count);
        long value = 0;
        for (int i = 0; i < count; i++) value = value << Byte.SIZE | bytes.at(next++) & 0xff;
        return value;
    }

    /// The next `count` bytes.
    Bytes take(long count) {
        need(count);
        Bytes taken = bytes.slice(next, next + (int) count);
        next += (int) count;
        return taken;
    }

    void skip(long count) {
        need(count);
        next += (int) count;
    }

    Damaged damaged(String what) {
        return new Damaged(what + ". inside=`" + next + "`", offset);
    }

    private void need(long count) {
        if (count < 0 || left() < count) throw damaged("packed value ends early");
    }
}
