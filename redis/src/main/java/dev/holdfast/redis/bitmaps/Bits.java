package dev.holdfast.redis.bitmaps;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.resp.RespError;

/// The bits of a string, of which the first is the highest of its first byte. Behind its end there
/// are zeros.
final class Bits {
    private static final String OUT_OF_RANGE = "ERR bit offset is not an integer or out of range";
    private static final int FIELD_BYTES_MAX = 9;

    private Bits() {}

    /// The offset of a bit that a string may have.
    static long offset(Bytes word) {
        return checked(Numbers.integer(word, OUT_OF_RANGE));
    }

    /// The offset of a field of `bits` bits; behind a `#` it counts fields.
    static long offset(Bytes word, int bits) {
        boolean countsFields = !word.isEmpty() && word.at(0) == '#';
        if (!countsFields) return offset(word);
        long fields = Numbers.integer(word.slice(1, word.length()), OUT_OF_RANGE);
        return checked(fields * bits);
    }

    private static long checked(long offset) {
        if (offset < 0 || RedisString.BYTES_MAX <= offset >> 3) throw new RespError(OUT_OF_RANGE);
        return offset;
    }

    /// The bit at `offset`.
    static int at(RedisString string, long offset) {
        return (int) field(string, offset, 1);
    }

    /// The `bits` bits from `offset` on.
    static long field(RedisString string, long offset, int bits) {
        byte[] bytes = bytesAround(string, offset, bits);
        long value = 0;
        int first = (int) (offset % 8);
        for (int i = first; i < first + bits; i++)
            value = value << 1 | (bytes[i / 8] >> (7 - i % 8) & 1);
        return value;
    }

    /// Sets the `bits` bits from `offset` on to the lowest ones of `value`.
    static void setField(RedisString string, long offset, int bits, long value) {
        byte[] bytes = bytesAround(string, offset, bits);
        int first = (int) (offset % 8);
        for (int i = 0; i < bits; i++) {
            int at = first + i;
            int mask = 1 << (7 - at % 8);
            boolean isSet = (value >>> (bits - 1 - i) & 1) == 1;
            bytes[at / 8] = (byte) (isSet ? bytes[at / 8] | mask : bytes[at / 8] & ~mask);
        }
        string.write(offset / 8, Bytes.wrap(bytes));
    }

    private static byte[] bytesAround(RedisString string, long offset, int bits) {
        long start = offset / 8;
        int length = (int) ((offset + bits - 1) / 8 - start) + 1;
        assert length <= FIELD_BYTES_MAX : length;
        byte[] bytes = new byte[length];
        long end = Math.min(start + length, string.length());
        if (start < end) string.read((int) start, (int) end).copyTo(bytes, 0);
        return bytes;
    }
}
