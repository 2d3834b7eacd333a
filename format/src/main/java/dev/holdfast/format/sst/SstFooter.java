package dev.holdfast.format.sst;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FormatException;

/// The last ten bytes of every SST, big-endian:
///
/// ```
/// | offset of the properties: u64 | format version: u16 |
/// ```
public record SstFooter(long propertiesOffset, int version) {
    /// How many bytes it takes.
    public static final int BYTES = Long.BYTES + Short.BYTES;

    /// The version that is written.
    public static final int VERSION_WRITTEN = 2;

    public SstFooter {
        require(0 <= propertiesOffset, "propertiesOffset=%d", propertiesOffset);
        requireKnown(version);
    }

    /// Throws unless blocks of this version can be read.
    public static void requireKnown(int version) {
        FormatException.require(
                1 <= version && version <= VERSION_WRITTEN,
                "sst version unknown. version",
                version);
    }

    /// Writes it and returns where it ends.
    public int encode(byte[] out, int at) {
        return BigEndian.putU16(out, BigEndian.putU64(out, at, propertiesOffset), version);
    }

    /// Reads it from the last bytes of a file of `fileSize` bytes; `tail` is as much of the file's
    /// end as is at hand.
    public static SstFooter decode(Bytes tail, long fileSize) {
        FormatException.require(BYTES <= tail.length(), "sst footer truncated", tail.length());
        int at = tail.offset() + tail.length() - BYTES;
        long offset = BigEndian.u64(tail.array(), at);
        FormatException.require(
                0 <= offset && offset < fileSize - BYTES, "sst properties outside. offset", offset);
        return new SstFooter(offset, BigEndian.u16(tail.array(), at + Long.BYTES));
    }
}
