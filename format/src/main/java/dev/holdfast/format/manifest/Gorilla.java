package dev.holdfast.format.manifest;

import static dev.holdfast.format.wire.FormatException.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.ByteReader;
import java.util.Arrays;

/// Numbers that grow evenly, as changes of their differences, in a stream of bits, highest first.
///
/// ```
/// count: 32 bits | first: 64 bits | then for each change of the difference
///     0            none
///     10    7 bits   -63 ..   63
///     110   9 bits  -255 ..  255
///     1110 12 bits -2047 .. 2047
///     1111 32 bits any other, 64 in the second version of the tracker
/// ```
///
/// The last byte is filled up with zeros. The first difference counts as a change from 0.
final class Gorilla {
    private static final int[] WIDTHS = {0, 7, 9, 12};

    private Gorilla() {}

    static Bytes encode(long[] numbers) {
        var out = new BitWriter(16 + 5 * numbers.length);
        out.put(numbers.length, 32);
        long difference = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (i == 0) {
                out.put(numbers[0], 64);
                continue;
            }
            long next = numbers[i] - numbers[i - 1];
            putChange(out, next - difference);
            difference = next;
        }
        return out.finish();
    }

    /// True if no change takes more than 32 bits.
    static boolean canEncode(long[] numbers) {
        long difference = 0;
        for (int i = 1; i < numbers.length; i++) {
            long next = numbers[i] - numbers[i - 1];
            long change = next - difference;
            if (change != (int) change) return false;
            difference = next;
        }
        return true;
    }

    private static void putChange(BitWriter out, long change) {
        if (change == 0) out.put(0b0, 1);
        else if (-63 <= change && change <= 63) out.put(0b10L << 7 | change & 0x7f, 9);
        else if (-255 <= change && change <= 255) out.put(0b110L << 9 | change & 0x1ff, 12);
        else if (-2047 <= change && change <= 2047) out.put(0b1110L << 12 | change & 0xfff, 16);
        else {
            if (change != (int) change)
                throw new IllegalArgumentException("change exceeds 32 bits: " + change);
            out.put(0b1111L << 32 | change & 0xffffffffL, 36);
        }
    }

    /// Reads `count` numbers; their stream must say the same count. A change that is none of the
    /// short ones takes `widest` bits.
    static long[] decode(ByteReader bytes, int count, int widest) {
        int stored = bytes.u32();
        require(stored == count, "gorilla count differs", stored);
        long[] numbers = new long[count];
        if (count == 0) return numbers;
        numbers[0] = bytes.u64();
        var in = new BitReader(bytes);
        long difference = 0;
        for (int i = 1; i < count; i++) {
            int form = 0;
            while (form < 4 && in.bits(1) == 1) form++;
            int width = form == WIDTHS.length ? widest : WIDTHS[form];
            if (0 < width) difference += in.bits(width) << (64 - width) >> (64 - width);
            numbers[i] = numbers[i - 1] + difference;
        }
        in.expectPadding();
        return numbers;
    }

    /// Puts bits into bytes, the highest first.
    private static final class BitWriter {
        private byte[] bytes;
        private int used;

        BitWriter(int bytes) {
            this.bytes = new byte[bytes];
        }

        void put(long value, int width) {
            if (bytes.length * 8 < used + width) bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            for (int i = width - 1; 0 <= i; i--, used++)
                bytes[used >>> 3] |= (byte) ((value >>> i & 1) << (7 - (used & 7)));
        }

        Bytes finish() {
            return Bytes.wrap(bytes, 0, (used + 7) >>> 3);
        }
    }

    /// Takes bits from bytes, the highest first.
    private static final class BitReader {
        private final ByteReader bytes;
        private int current;
        private int left;

        BitReader(ByteReader bytes) {
            this.bytes = bytes;
        }

        long bits(int width) {
            long value = 0;
            for (int i = 0; i < width; i++) {
                if (left == 0) {
                    current = bytes.u8();
                    left = 8;
                }
                value = value << 1 | current >>> --left & 1;
            }
            return value;
        }

        void expectPadding() {
            require((current & (1 << left) - 1) == 0, "gorilla padding is not zero", current);
        }
    }
}
