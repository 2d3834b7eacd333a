package dev.holdfast.format.local;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FormatException;
import java.util.UUID;

/// What a segment of the local log begins with.
///
/// Whoever writes one knows that everything up to `seqBefore` is durable elsewhere in the log, or
/// in the object store: what an older segment holds beyond does not count any more.
///
/// @param database whose log it is
/// @param epoch of the writer
/// @param number of the segment, as its file's name says it
/// @param seqBefore the last commit before this segment
/// @param chainBefore the value of the chain behind that commit
public record SegmentHead(
        UUID database, long epoch, long number, long seqBefore, long chainBefore) {
    /// How many bytes it takes; the first record follows.
    public static final int BYTES = 4096;

    private static final long MAGIC = 0x484F4C44464C4F47L; // "HOLDFLOG"
    private static final int VERSION = 1;
    private static final int CRC_AT = 64;

    /// The whole block.
    public Bytes encode() {
        byte[] block = new byte[BYTES];
        int at = BigEndian.putU64(block, 0, MAGIC);
        at = BigEndian.putU32(block, at, VERSION);
        at = BigEndian.putU32(block, at, 0);
        at = BigEndian.putU64(block, at, database.getMostSignificantBits());
        at = BigEndian.putU64(block, at, database.getLeastSignificantBits());
        at = BigEndian.putU64(block, at, epoch);
        at = BigEndian.putU64(block, at, number);
        at = BigEndian.putU64(block, at, seqBefore);
        at = BigEndian.putU64(block, at, chainBefore);
        if (at != CRC_AT) throw new AssertionError("length " + at);
        BigEndian.putU32(block, at, Crc32cSum.of(block, 0, at));
        return Bytes.wrap(block);
    }

    /// Throws [FormatException] if `block` is no head, or one that is damaged.
    public static SegmentHead decode(Bytes block) {
        FormatException.require(
                block.length() == BYTES, "segment head truncated. length", block.length());
        byte[] array = block.array();
        int start = block.offset();
        FormatException.require(BigEndian.u64(array, start) == MAGIC, "no segment of a local log");
        FormatException.require(
                BigEndian.u32(array, start + CRC_AT) == Crc32cSum.of(array, start, CRC_AT),
                "segment head checksum differs");
        int version = BigEndian.u32(array, start + 8);
        FormatException.require(
                version == VERSION, "segment of an unknown version. version", version);
        var database = new UUID(BigEndian.u64(array, start + 16), BigEndian.u64(array, start + 24));
        return new SegmentHead(
                database,
                BigEndian.u64(array, start + 32),
                BigEndian.u64(array, start + 40),
                BigEndian.u64(array, start + 48),
                BigEndian.u64(array, start + 56));
    }
}
