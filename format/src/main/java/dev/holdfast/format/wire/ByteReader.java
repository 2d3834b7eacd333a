package dev.holdfast.format.wire;

import dev.holdfast.base.Bytes;

/// Reads big-endian fields one after the other and never beyond the end. Not thread-safe.
///
/// Every read that the bytes cannot serve throws [FormatException] with the name of what is read.
public final class ByteReader {
    private final Bytes bytes;
    private final String what;
    private int position;

    public ByteReader(Bytes bytes, String what) {
        this.bytes = bytes;
        this.what = what;
    }

    /// How many bytes have been read.
    public int position() {
        return position;
    }

    /// How many bytes are left.
    public int remaining() {
        return bytes.length() - position;
    }

    /// The next unsigned byte.
    public int u8() {
        return bytes.array()[take(1)] & 0xff;
    }

    /// The next unsigned 16-bit integer.
    public int u16() {
        return BigEndian.u16(bytes.array(), take(Short.BYTES));
    }

    /// The next 32-bit integer.
    public int u32() {
        return BigEndian.u32(bytes.array(), take(Integer.BYTES));
    }

    /// The next 64-bit integer.
    public long u64() {
        return BigEndian.u64(bytes.array(), take(Long.BYTES));
    }

    /// The next `length` bytes, shared.
    public Bytes slice(long length) {
        if (length < 0 || remaining() < length) throw truncated(length);
        int start = position;
        position += (int) length;
        return bytes.slice(start, position);
    }

    /// Throws unless everything has been read.
    public void expectEnd() {
        if (remaining() != 0)
            throw new FormatException(what + " has bytes left over. count=`" + remaining() + "`");
    }

    private int take(int length) {
        if (remaining() < length) throw truncated(length);
        int at = bytes.offset() + position;
        position += length;
        return at;
    }

    private FormatException truncated(long needed) {
        return new FormatException(
                what + " truncated. needed=`" + needed + "`, remaining=`" + remaining() + "`");
    }
}
