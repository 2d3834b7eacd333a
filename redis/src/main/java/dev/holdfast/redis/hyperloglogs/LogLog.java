package dev.holdfast.redis.hyperloglogs;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.RespError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A HyperLogLog in the bytes that Redis keeps: 16,384 registers of which each holds the longest
/// run of zeros that it met, and the count that was last computed of them.
///
/// ```
/// | HYLL | encoding u8 | 3 unused | count u64 little-endian, its highest bit set if out of date |
/// then registers: dense, six bits each from the lowest on; or sparse, as runs:
/// 00xxxxxx           x + 1 registers of zero
/// 01xxxxxx yyyyyyyy  xy + 1 registers of zero
/// 1vvvvvxx           x + 1 registers of v + 1
/// ```
///
/// Not thread-safe: it belongs to one run.
final class LogLog {
    static final int REGISTERS = 1 << 14;

    private static final Bytes MAGIC = Bytes.utf8("HYLL");
    private static final int HEAD = 16;
    private static final int COUNT_AT = 8;
    private static final int DENSE = 0;
    private static final int SPARSE = 1;
    private static final int BITS = 6;
    private static final int DENSE_BYTES = HEAD + REGISTERS * BITS / 8;
    private static final int SPARSE_BYTES_MAX = 3000;
    private static final int OUT_OF_DATE = 0x80;

    private byte[] bytes;
    private int end; // of the bytes in use

    private LogLog(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    /// One that has met nothing.
    static LogLog empty() {
        byte[] bytes = Arrays.copyOf(MAGIC.toArray(), HEAD + 2);
        bytes[4] = SPARSE;
        bytes[HEAD] = 0x7f;
        bytes[HEAD + 1] = (byte) 0xff;
        return new LogLog(bytes);
    }

    /// The one that `value` holds, or an error.
    static LogLog decode(Bytes value) {
        boolean isValid =
                HEAD <= value.length() && value.startsWith(MAGIC) && isKnown(value.at(4), value);
        if (!isValid) throw new RespError("WRONGTYPE Key is not a valid HyperLogLog string value.");
        return new LogLog(value.toArray());
    }

    private static boolean isKnown(int encoding, Bytes value) {
        return encoding == SPARSE || encoding == DENSE && value.length() == DENSE_BYTES;
    }

    Bytes encode() {
        return Bytes.wrap(Arrays.copyOf(bytes, end));
    }

    boolean isDense() {
        return bytes[4] == DENSE;
    }

    /// Takes note of `element`, and tells whether that changed anything.
    boolean add(Bytes element) {
        long hash = MurmurHash.of(element);
        int index = (int) (hash & (REGISTERS - 1));
        int run = 1 + Long.numberOfTrailingZeros(hash >>> 14 | 1L << LogLogCount.RUN_MAX);
        return set(index, run);
    }

    /// Raises a register to `run`, and tells whether it was lower.
    boolean set(int index, int run) {
        if (isDense()) return setDense(index, run);
        var change = new SparseChange(bytes, end, HEAD);
        switch (change.set(index, run, SPARSE_BYTES_MAX)) {
            case UNCHANGED -> {
                return false;
            }
            case CHANGED -> {
                bytes = change.bytes();
                end = change.end();
                return true;
            }
            case TOO_LARGE -> {
                makeDense();
                return setDense(index, run);
            }
        }
        throw new AssertionError();
    }

    /// The count in the head is no longer right.
    void outdate() {
        bytes[COUNT_AT + 7] |= (byte) OUT_OF_DATE;
    }

    boolean isOutdated() {
        return (bytes[COUNT_AT + 7] & OUT_OF_DATE) != 0;
    }

    long noted() {
        return head().getLong(COUNT_AT);
    }

    void note(long count) {
        head().putLong(COUNT_AT, count);
    }

    private ByteBuffer head() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Raises each of `registers` to what this one's is.
    void raise(byte[] registers) {
        byte[] own = registers();
        for (int i = 0; i < REGISTERS; i++) if (registers[i] < own[i]) registers[i] = own[i];
    }

    /// All registers, a byte each.
    byte[] registers() {
        byte[] registers = new byte[REGISTERS];
        if (isDense()) for (int i = 0; i < REGISTERS; i++) registers[i] = (byte) dense(i);
        else {
            int filled = 0;
            for (int at = HEAD; at < end; at += SparseRun.bytesAt(bytes, at)) {
                SparseRun run = SparseRun.at(bytes, at, end);
                if (REGISTERS < filled + run.length()) throw corrupt();
                Arrays.fill(registers, filled, filled + run.length(), (byte) run.value());
                filled += run.length();
            }
            if (filled != REGISTERS) throw corrupt();
        }
        return registers;
    }

    /// Gives each register its own bits.
    void makeDense() {
        if (isDense()) return;
        byte[] registers = registers();
        byte[] dense = Arrays.copyOf(Arrays.copyOf(bytes, HEAD), DENSE_BYTES);
        dense[4] = DENSE;
        bytes = dense;
        end = dense.length;
        for (int i = 0; i < REGISTERS; i++) if (registers[i] != 0) setDense(i, registers[i]);
    }

    private int dense(int index) {
        int bit = index * BITS;
        int at = HEAD + bit / 8;
        int low = bytes[at] & 0xff;
        int high = at + 1 < end ? bytes[at + 1] & 0xff : 0;
        return (low | high << 8) >> bit % 8 & 63;
    }

    private boolean setDense(int index, int run) {
        if (run <= dense(index)) return false;
        int bit = index * BITS;
        int at = HEAD + bit / 8;
        int shift = bit % 8;
        bytes[at] = (byte) (bytes[at] & ~(63 << shift) | run << shift);
        if (2 < shift) {
            int over = 8 - shift;
            bytes[at + 1] = (byte) (bytes[at + 1] & ~(63 >> over) | run >> over);
        }
        return true;
    }

    static RespError corrupt() {
        return new RespError("INVALIDOBJ Corrupted HLL object detected");
    }
}
