package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// Where a snapshot or a payload is written to, byte by byte, with its checksum. Buffered until
/// [#flush]. Not thread-safe. Trouble with the target is an `UncheckedIOException`.
public final class RdbOutput {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int LENGTH_6_END = 1 << 6;
    private static final int LENGTH_14_END = 1 << 14;
    private static final int LENGTH_14 = 1 << 6;
    private static final int LENGTH_32 = 0x80;
    private static final int LENGTH_64 = 0x81;
    private static final int INT_8 = 0xc0;
    private static final int INT_16 = 0xc1;
    private static final int INT_32 = 0xc2;
    private static final int INTEGER_DIGITS_MAX = 11;
    private static final int INTEGER_64_DIGITS_MAX = 20;

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final Crc64 crc = new Crc64();
    private int end;
    private long before;

    public RdbOutput(OutputStream out) {
        this.out = out;
    }

    /// How many bytes were written.
    public long offset() {
        return before + end;
    }

    /// One byte.
    public void u8(int value) {
        if (end == buffer.length) spill();
        buffer[end++] = (byte) value;
    }

    /// The lowest `count` bytes of `value`, least first.
    void little(long value, int count) {
        for (int i = 0; i < count; i++) u8((int) (value >>> Byte.SIZE * i));
    }

    /// Eight bytes, least first.
    public void le64(long value) {
        little(value, Long.BYTES);
    }

    /// A length or a count in the shortest of its forms.
    public void length(long value) {
        if (0 <= value && value < LENGTH_6_END) u8((int) value);
        else if (0 <= value && value < LENGTH_14_END) {
            u8(LENGTH_14 | (int) (value >> Byte.SIZE));
            u8((int) value);
        } else if (0 <= value && value <= 0xffff_ffffL) {
            u8(LENGTH_32);
            little(Long.reverseBytes(value << Integer.SIZE), Integer.BYTES);
        } else {
            u8(LENGTH_64);
            le64(Long.reverseBytes(value));
        }
    }

    /// A string, in fewer bytes if it is a small integer.
    public void string(Bytes text) {
        Long integer = text.length() <= INTEGER_DIGITS_MAX ? integerOrNull(text) : null;
        if (integer == null || integer != integer.intValue()) {
            length(text.length());
            raw(text);
        } else if (integer == integer.byteValue()) {
            u8(INT_8);
            little(integer, Byte.BYTES);
        } else if (integer == integer.shortValue()) {
            u8(INT_16);
            little(integer, Short.BYTES);
        } else {
            u8(INT_32);
            little(integer, Integer.BYTES);
        }
    }

    /// Bytes as they are.
    public void raw(Bytes bytes) {
        if (buffer.length < bytes.length()) {
            spill();
            write(bytes.array(), bytes.offset(), bytes.length());
            return;
        }
        if (buffer.length - end < bytes.length()) spill();
        bytes.copyTo(buffer, end);
        end += bytes.length();
    }

    /// Sixteen bytes of an id.
    void raw(StreamPoint id) {
        le64(Long.reverseBytes(id.millis()));
        le64(Long.reverseBytes(id.sequence()));
    }

    /// The checksum of all that was written.
    public long checksum() {
        spill();
        return crc.value();
    }

    /// Has the target get all that was written.
    public void flush() {
        spill();
        try {
            out.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void spill() {
        int length = end;
        end = 0;
        write(buffer, 0, length);
    }

    private void write(byte[] bytes, int from, int count) {
        crc.update(bytes, from, from + count);
        before += count;
        try {
            out.write(bytes, from, count);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The integer of 64 bits that `text` spells in its one form; null if it spells none.
    static @Nullable Long integerOrNull(Bytes text) {
        int first = text.isEmpty() ? 0 : text.at(0);
        boolean maySpell = first == '-' || '0' <= first && first <= '9';
        if (!maySpell || INTEGER_64_DIGITS_MAX < text.length()) return null;
        String digits = text.toUtf8();
        try {
            long value = Long.parseLong(digits);
            return Long.toString(value).equals(digits) ? (Long) value : null;
        } catch (NumberFormatException none) {
            return null;
        }
    }
}
