package dev.holdfast.base;

/// Unsigned 32-bit integers in one to five bytes, seven bits a byte, lowest first (LEB128).
public final class Varint {
    /// The longest form.
    public static final int BYTES_MAX = 5;

    private Varint() {}

    /// How many bytes `value` takes, read as unsigned.
    public static int bytesOf(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    /// Writes `value`, read as unsigned, into `out` from `at` on, and returns where it ends.
    public static int encode(byte[] out, int at, int value) {
        int rest = value;
        int next = at;
        while ((rest & ~0x7f) != 0) {
            out[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[next++] = (byte) rest;
        return next;
    }
}
