package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.rdb.RdbException.Damaged;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The bytes of a snapshot or of a payload, one after another, with their place and checksum.
///
/// Invariant: memory follows the bytes that have come, never a length that they announce; a string
/// is at most [#STRING_BYTES_MAX] long. Not thread-safe. Trouble with the source is an
/// `UncheckedIOException`.
public final class RdbInput {
    /// The longest string, as `proto-max-bulk-len` has it by default.
    public static final int STRING_BYTES_MAX = 512 << 20;

    /// The longest piece of a string that is told in pieces.
    static final int PIECE_BYTES_MAX = 1 << 20;

    private static final int BUFFER_BYTES = 64 << 10;
    private static final int LENGTH_14 = 1;
    private static final int LENGTH_LONG = 2;
    private static final int LENGTH_32 = 0x80;
    private static final int LENGTH_64 = 0x81;
    private static final int ENCODED = 3;
    private static final int LOW_SIX = 0x3f;
    private static final int INT_8 = 0;
    private static final int INT_16 = 1;
    private static final int INT_32 = 2;
    private static final int COMPRESSED = 3;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final Crc64 crc = new Crc64();
    private int next; // in the buffer
    private int end; // of what is in the buffer
    private int summed; // up to here the buffer is in the checksum
    private long before; // bytes that have left the buffer

    public RdbInput(InputStream in) {
        this.in = in;
    }

    /// The bytes of a payload.
    public static RdbInput of(Bytes payload) {
        return new RdbInput(
                new ByteArrayInputStream(payload.array(), payload.offset(), payload.length()));
    }

    /// How many bytes were read.
    public long offset() {
        return before + next;
    }

    /// The checksum of what was read.
    public long checksum() {
        crc.update(buffer, summed, next);
        summed = next;
        return crc.value();
    }

    /// The next byte.
    public int u8() {
        if (next == end) refill();
        return buffer[next++] & 0xff;
    }

    /// The next four bytes, least first, without sign.
    public long le32() {
        return little(Integer.BYTES);
    }

    /// The next eight bytes, least first.
    public long le64() {
        return little(Long.BYTES);
    }

    /// The next eight bytes, greatest first.
    long be64() {
        return Long.reverseBytes(le64());
    }

    private long little(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) value |= (long) u8() << 8 * i;
        return value;
    }

    /// A length in one of its four forms; as unsigned.
    public long length() {
        long at = offset();
        return length(u8(), at);
    }

    /// A length that is a count of things which follow.
    public long count() {
        long at = offset();
        long count = length();
        if (count < 0) throw new Damaged("count too large", at);
        return count;
    }

    private long length(int first, long at) {
        return switch (first >> 6) {
            case 0 -> first;
            case LENGTH_14 -> (first & LOW_SIX) << 8 | u8();
            case LENGTH_LONG ->
                    switch (first) {
                        case LENGTH_32 -> Long.reverseBytes(le32()) >>> Integer.SIZE;
                        case LENGTH_64 -> be64();
                        default -> throw new Damaged("length form unknown", at);
                    };
            default -> throw new Damaged("length expected", at);
        };
    }

    /// The next `count` bytes.
    public Bytes bytes(int count) {
        List<Bytes> pieces = new ArrayList<>(1);
        raw(count, pieces::add);
        return joined(pieces, count);
    }

    /// A string, whole.
    public Bytes string() {
        List<Bytes> pieces = new ArrayList<>(1);
        return joined(pieces, pieces(pieces::add));
    }

    /// Tells a string piece by piece, at least one, and returns its length.
    public int pieces(Consumer<Bytes> visitor) {
        long at = offset();
        int first = u8();
        if (first >> 6 == ENCODED) return encoded(first & LOW_SIX, at, visitor);
        int length = stringLength(length(first, at), at);
        raw(length, visitor);
        return length;
    }

    private int encoded(int form, long at, Consumer<Bytes> visitor) {
        if (form == COMPRESSED) {
            int compressed = stringLength(length(), at);
            int length = stringLength(length(), at);
            new LzfText(this, compressed, length, at).tell(visitor);
            return length;
        }
        long value =
                switch (form) {
                    case INT_8 -> (byte) u8();
                    case INT_16 -> (short) little(Short.BYTES);
                    case INT_32 -> (int) le32();
                    default -> throw new Damaged("string form unknown", at);
                };
        Bytes text = Bytes.utf8(Long.toString(value));
        visitor.accept(text);
        return text.length();
    }

    private static int stringLength(long length, long at) {
        if (length < 0 || STRING_BYTES_MAX < length)
            throw new Damaged("string too long. length=`" + length + "`", at);
        return (int) length;
    }

    private void raw(int count, Consumer<Bytes> visitor) {
        int left = count;
        do {
            byte[] piece = new byte[Math.min(left, PIECE_BYTES_MAX)];
            fill(piece);
            visitor.accept(Bytes.wrap(piece));
            left -= piece.length;
        } while (0 < left);
    }

    private void fill(byte[] piece) {
        int filled = 0;
        while (filled < piece.length) {
            if (next == end) refill();
            int some = Math.min(end - next, piece.length - filled);
            System.arraycopy(buffer, next, piece, filled, some);
            next += some;
            filled += some;
        }
    }

    private static Bytes joined(List<Bytes> pieces, int length) {
        if (pieces.size() == 1) return pieces.getFirst();
        byte[] whole = new byte[length];
        int at = 0;
        for (Bytes piece : pieces) {
            piece.copyTo(whole, at);
            at += piece.length();
        }
        return Bytes.wrap(whole);
    }

    private void refill() {
        crc.update(buffer, summed, end);
        before += end;
        next = 0;
        end = 0;
        summed = 0;
        try {
            end = Math.max(0, in.read(buffer));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        if (end == 0) throw new Damaged("snapshot ends early", before);
    }
}
