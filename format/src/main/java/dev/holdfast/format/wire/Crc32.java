package dev.holdfast.format.wire;

import dev.holdfast.base.Bytes;
import java.util.zip.CRC32;

/// The checksum of sections: CRC-32 (IEEE), stored big-endian after the bytes that it covers.
public final class Crc32 {
    /// Bytes that a stored checksum takes.
    public static final int BYTES = Integer.BYTES;

    private Crc32() {}

    /// The checksum of `[offset, offset + length)`.
    public static int of(byte[] array, int offset, int length) {
        var crc = new CRC32();
        crc.update(array, offset, length);
        return (int) crc.getValue();
    }

    /// What stands before the checksum at the end of `stored`, once that has been found right.
    public static Bytes verified(Bytes stored, String section) {
        int length = stored.length() - BYTES;
        if (length < 0)
            throw new FormatException(section + " truncated. length=`" + stored.length() + "`");
        int expected = BigEndian.u32(stored.array(), stored.offset() + length);
        int actual = of(stored.array(), stored.offset(), length);
        if (expected != actual)
            throw new FormatException(
                    section
                            + " checksum differs. stored=`"
                            + Integer.toHexString(expected)
                            + "`, computed=`"
                            + Integer.toHexString(actual)
                            + "`");
        return stored.slice(0, length);
    }
}
