package dev.holdfast.format.codec;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Undoes compression. A declared size is believed only up to the caller's cap and to what the
/// codec can make of so few bytes; where none is declared, memory grows with what really comes out.
final class Decompressor {
    private static final int SMALL = 1 << 12;

    private Decompressor() {}

    static Bytes zlib(Bytes stored, int sizeMax) {
        try (var inflater = new Inflater()) {
            inflater.setInput(stored.array(), stored.offset(), stored.length());
            byte[] out = firstGuess(stored, sizeMax);
            int made = 0;
            while (!inflater.finished()) {
                if (made == out.length) out = grown(out, sizeMax);
                int count = inflater.inflate(out, made, out.length - made);
                FormatException.require(
                        0 < count || inflater.finished(), "zlib stream truncated", stored.length());
                made += count;
            }
            FormatException.require(
                    inflater.getRemaining() == 0,
                    "zlib stream has bytes left over",
                    inflater.getRemaining());
            return made(out, made, sizeMax);
        } catch (DataFormatException malformed) {
            throw new FormatException("zlib stream malformed", malformed);
        }
    }

    static int capped(long size, int sizeMax, long possible) {
        FormatException.require(0 <= size && size <= sizeMax, "uncompressed size", size);
        FormatException.require(size <= possible, "uncompressed size not possible", size);
        return (int) size;
    }

    // One byte above the cap, so that what ends exactly there is seen to end.
    static byte[] grown(byte[] out, int sizeMax) {
        FormatException.require(
                out.length <= sizeMax, "uncompressed size exceeds its cap", sizeMax);
        return Arrays.copyOf(out, (int) Math.min(sizeMax + 1L, 2L * out.length));
    }

    static byte[] firstGuess(Bytes stored, int sizeMax) {
        return new byte[(int) Math.min(sizeMax + 1L, Math.max(SMALL, 4L * stored.length()))];
    }

    static Bytes made(byte[] out, int length, int sizeMax) {
        FormatException.require(length <= sizeMax, "uncompressed size exceeds its cap", sizeMax);
        // It may stay in memory for long, and counts as what it holds.
        boolean isClose = out.length - length <= length / 8;
        return isClose ? Bytes.wrap(out, 0, length) : Bytes.wrap(Arrays.copyOf(out, length));
    }

    static Bytes whole(byte[] out, long made) {
        FormatException.require(made == out.length, "uncompressed size differs", made);
        return Bytes.wrap(out);
    }
}
