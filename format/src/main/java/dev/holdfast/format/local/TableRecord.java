package dev.holdfast.format.local;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FormatException;
import java.util.List;
import java.util.zip.CRC32C;

/// What the list of local tables says of one of them.
///
/// @param id names its file, and its object later
/// @param epoch of the writer that made it
/// @param size of its file
/// @param checksum of its file
/// @param seqBefore the last commit before those in it
/// @param lastSeq the last commit in it
/// @param lastTickMillis the newest time of creation in it and in all before
/// @param snapshotMinSeq the oldest commit that an open view needed
/// @param madeAtMillis the wall clock when it was made
/// @param following how many tables with the same commits stand behind it in the list
public record TableRecord(
        Ulid id,
        long epoch,
        long size,
        int checksum,
        long seqBefore,
        long lastSeq,
        long lastTickMillis,
        long snapshotMinSeq,
        long madeAtMillis,
        int following) {
    /// True if `other` holds commits of the same memtable.
    public boolean isBeside(TableRecord other) {
        return seqBefore == other.seqBefore && lastSeq == other.lastSeq;
    }

    /// How many bytes it takes.
    public static final int BYTES = 88;

    private static final int MAGIC = 0x48545231; // "HTR1"

    /// The checksum of a file that is `parts`, one after the other.
    public static int checksumOf(List<Bytes> parts) {
        var crc = new CRC32C();
        for (Bytes part : parts) crc.update(part.array(), part.offset(), part.length());
        return (int) crc.getValue();
    }

    /// All of it.
    public Bytes encode() {
        byte[] out = new byte[BYTES];
        int at = BigEndian.putU32(out, Integer.BYTES, MAGIC);
        at = BigEndian.putU64(out, at, id.high());
        at = BigEndian.putU64(out, at, id.low());
        at = BigEndian.putU64(out, at, epoch);
        at = BigEndian.putU64(out, at, size);
        at = BigEndian.putU64(out, at, seqBefore);
        at = BigEndian.putU64(out, at, lastSeq);
        at = BigEndian.putU64(out, at, lastTickMillis);
        at = BigEndian.putU64(out, at, snapshotMinSeq);
        at = BigEndian.putU64(out, at, madeAtMillis);
        at = BigEndian.putU32(out, at, checksum);
        at = BigEndian.putU32(out, at, following);
        if (at != BYTES) throw new AssertionError("length " + at);
        BigEndian.putU32(out, 0, Crc32cSum.of(out, Integer.BYTES, BYTES - Integer.BYTES));
        return Bytes.wrap(out);
    }

    /// Throws [FormatException] if `bytes` are none, or one that is damaged.
    static TableRecord decode(Bytes bytes) {
        FormatException.require(bytes.length() == BYTES, "table record. length", bytes.length());
        byte[] in = bytes.array();
        int at = bytes.offset();
        int sum = Crc32cSum.of(in, at + Integer.BYTES, BYTES - Integer.BYTES);
        FormatException.require(BigEndian.u32(in, at) == sum, "table record checksum differs");
        FormatException.require(BigEndian.u32(in, at + 4) == MAGIC, "no table record");
        var found =
                new TableRecord(
                        new Ulid(BigEndian.u64(in, at + 8), BigEndian.u64(in, at + 16)),
                        BigEndian.u64(in, at + 24),
                        BigEndian.u64(in, at + 32),
                        BigEndian.u32(in, at + 80),
                        BigEndian.u64(in, at + 40),
                        BigEndian.u64(in, at + 48),
                        BigEndian.u64(in, at + 56),
                        BigEndian.u64(in, at + 64),
                        BigEndian.u64(in, at + 72),
                        BigEndian.u32(in, at + 84));
        FormatException.require(0 <= found.following, "tables that follow", found.following);
        FormatException.require(0 < found.size && found.seqBefore < found.lastSeq, "empty table");
        return found;
    }
}
