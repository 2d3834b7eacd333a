package dev.holdfast.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An immutable run of bytes, ordered bytewise unsigned.
///
/// A view of an array that nobody may change afterwards: [#wrap] shares the caller's array,
/// [#copyOf] does not. Slices share the array of the whole.
public final class Bytes implements Comparable<Bytes> {
    /// No bytes at all.
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private static final long PRIME = 0x9E3779B97F4A7C15L;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /// A view of `array`, which must not change from now on.
    public static Bytes wrap(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    /// A view of `[offset, offset + length)` of `array`, which must not change from now on.
    public static Bytes wrap(byte[] array, int offset, int length) {
        java.util.Objects.checkFromIndexSize(offset, length, array.length);
        return new Bytes(array, offset, length);
    }

    /// A copy of `array`.
    public static Bytes copyOf(byte[] array) {
        return wrap(array.clone());
    }

    /// A copy of `[offset, offset + length)` of `array`.
    public static Bytes copyOf(byte[] array, int offset, int length) {
        return wrap(Arrays.copyOfRange(array, offset, offset + length));
    }

    /// The UTF-8 form of `text`.
    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /// How many bytes there are.
    public int length() {
        return length;
    }

    /// True if there are none.
    public boolean isEmpty() {
        return length == 0;
    }

    /// The byte at `index`, which is in `[0, length)`.
    public byte at(int index) {
        return array[offset + java.util.Objects.checkIndex(index, length)];
    }

    /// The array behind the view: to read from, never to change. Starts at [#offset].
    public byte[] array() {
        return array;
    }

    /// Where the view starts in [#array].
    public int offset() {
        return offset;
    }

    /// The bytes of `[start, end)`, sharing the array.
    public Bytes slice(int start, int end) {
        java.util.Objects.checkFromToIndex(start, end, length);
        return new Bytes(array, offset + start, end - start);
    }

    /// The bytes as a new array.
    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /// The bytes as a read-only buffer, big-endian.
    public ByteBuffer toBuffer() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    /// The bytes read as UTF-8; malformed input becomes U+FFFD.
    public String toUtf8() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }

    /// True if these bytes begin with `prefix`.
    public boolean startsWith(Bytes prefix) {
        return prefix.length <= length
                && Arrays.equals(
                        array,
                        offset,
                        offset + prefix.length,
                        prefix.array,
                        prefix.offset,
                        prefix.offset + prefix.length);
    }

    /// Copies all bytes into `target` from `at` on.
    public void copyTo(byte[] target, int at) {
        System.arraycopy(array, offset, target, at, length);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(
                array,
                offset,
                offset + length,
                other.array,
                other.offset,
                other.offset + other.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && Arrays.equals(
                        array,
                        offset,
                        offset + length,
                        that.array,
                        that.offset,
                        that.offset + that.length);
    }

    @Override
    public int hashCode() {
        long hash = length * PRIME;
        int at = offset;
        int end = offset + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES)
            hash = mix(hash ^ (long) LONG.get(array, at));
        long rest = 0;
        for (; at < end; at++) rest = rest << Byte.SIZE | (array[at] & 0xff);
        return (int) (mix(hash ^ rest) >>> Integer.SIZE);
    }

    private static long mix(long value) {
        return value * PRIME ^ Math.multiplyHigh(value, PRIME);
    }

    /// Printable ASCII as it is, everything else as `\xNN`; long runs are cut.
    @Override
    public String toString() {
        var text = new StringBuilder();
        int shown = Math.min(length, 64);
        for (int i = 0; i < shown; i++) {
            int value = array[offset + i] & 0xff;
            if (0x20 <= value && value < 0x7f && value != '\\') text.append((char) value);
            else
                text.append("\\x")
                        .append(Character.forDigit(value >> 4, 16))
                        .append(Character.forDigit(value & 15, 16));
        }
        return shown < length ? text + "...(" + length + " bytes)" : text.toString();
    }
}
