package dev.holdfast.format.local;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FormatException;
import java.util.UUID;

/// What a log that was cut off is put aside with: written before its first segment is moved.
///
/// @param database whose log it is
/// @param epoch under which it was written
/// @param firstSegment the number of the first segment that counts for that epoch
/// @param segments how many segments were to be moved
/// @param commonSeq a commit that the object store had under that epoch, or a later one: what is at
///   or below it is common to the tail and to whoever took over; -1 if that is not known
public record TailNote(
        UUID database, long epoch, long firstSegment, long segments, long commonSeq) {
    /// How many bytes it takes.
    public static final int BYTES = 68;

    private static final long MAGIC = 0x484F4C445441494CL; // "HOLDTAIL"
    private static final int VERSION = 1;
    private static final int CRC_AT = 64;

    /// The whole file.
    public Bytes encode() {
        byte[] file = new byte[BYTES];
        int at = BigEndian.putU64(file, 0, MAGIC);
        at = BigEndian.putU32(file, at, VERSION);
        at = BigEndian.putU32(file, at, 0);
        at = BigEndian.putU64(file, at, database.getMostSignificantBits());
        at = BigEndian.putU64(file, at, database.getLeastSignificantBits());
        at = BigEndian.putU64(file, at, epoch);
        at = BigEndian.putU64(file, at, firstSegment);
        at = BigEndian.putU64(file, at, segments);
        at = BigEndian.putU64(file, at, commonSeq);
        if (at != CRC_AT) throw new AssertionError("length " + at);
        BigEndian.putU32(file, at, Crc32cSum.of(file, 0, at));
        return Bytes.wrap(file);
    }

    /// Throws [FormatException] if `file` is no note, or one that is damaged.
    public static TailNote decode(Bytes file) {
        FormatException.require(file.length() == BYTES, "tail note length", file.length());
        byte[] array = file.array();
        int start = file.offset();
        FormatException.require(BigEndian.u64(array, start) == MAGIC, "no note of a tail");
        FormatException.require(
                BigEndian.u32(array, start + CRC_AT) == Crc32cSum.of(array, start, CRC_AT),
                "tail note checksum differs");
        int version = BigEndian.u32(array, start + 8);
        FormatException.require(version == VERSION, "tail note of an unknown version", version);
        return new TailNote(
                new UUID(BigEndian.u64(array, start + 16), BigEndian.u64(array, start + 24)),
                BigEndian.u64(array, start + 32),
                BigEndian.u64(array, start + 40),
                BigEndian.u64(array, start + 48),
                BigEndian.u64(array, start + 56));
    }
}
