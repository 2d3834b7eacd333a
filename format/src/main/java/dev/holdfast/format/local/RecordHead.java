package dev.holdfast.format.local;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FormatException;

/// What a record of the local log begins with: one commit, whose rows follow.
///
/// The checksum of the head makes its length trustworthy before anything is allocated by it; that
/// of the rows shows a record that was torn; the segment's number one of the file's former life;
/// the chain one that stands where another belongs, however whole it is.
///
/// @param length of the rows
/// @param rowsCrc their checksum
/// @param segment the number of the segment that it was written to
/// @param epoch of the writer
/// @param seq of the commit
/// @param chainBefore the value of the chain behind the commit before
/// @param forcedSeq up to where commits were known to be durable when this record was written
/// @param createdAtMillis the time of the commit
public record RecordHead(
        int length,
        int rowsCrc,
        long segment,
        long epoch,
        long seq,
        long chainBefore,
        long forcedSeq,
        long createdAtMillis) {
    /// How many bytes it takes; the rows follow.
    public static final int BYTES = 64;

    /// A record begins at a multiple of this.
    public static final int ALIGNMENT = 8;

    private static final int MAGIC = 0x484C5231; // "HLR1"
    private static final long MIX_1 = 0xff51afd7ed558ccdL;
    private static final long MIX_2 = 0xc4ceb9fe1a85ec53L;

    /// A head for `rows`.
    public static RecordHead of(Bytes rows, Link link, long seq, long createdAtMillis) {
        return new RecordHead(
                rows.length(),
                Crc32cSum.of(rows),
                link.segment,
                link.epoch,
                seq,
                link.chainBefore,
                link.forcedSeq,
                createdAtMillis);
    }

    /// Where in the log a record stands: see the fields of its head.
    public record Link(long segment, long epoch, long chainBefore, long forcedSeq) {}

    /// Writes it at `at`.
    public void encode(byte[] target, int at) {
        int end = BigEndian.putU32(target, at + 4, MAGIC);
        end = BigEndian.putU32(target, end, length);
        end = BigEndian.putU32(target, end, rowsCrc);
        end = BigEndian.putU64(target, end, segment);
        end = BigEndian.putU64(target, end, epoch);
        end = BigEndian.putU64(target, end, seq);
        end = BigEndian.putU64(target, end, chainBefore);
        end = BigEndian.putU64(target, end, forcedSeq);
        end = BigEndian.putU64(target, end, createdAtMillis);
        if (end != at + BYTES) throw new AssertionError("length " + (end - at));
        BigEndian.putU32(target, at, Crc32cSum.of(target, at + 4, BYTES - 4));
    }

    /// True if something that looks like a head stands at `at`: worth decoding.
    public static boolean isLikely(byte[] source, int at) {
        return BigEndian.u32(source, at + 4) == MAGIC;
    }

    /// Throws [FormatException] if there is none at `at`, or one that is damaged.
    public static RecordHead decode(byte[] source, int at) {
        FormatException.require(isLikely(source, at), "no record of a local log");
        FormatException.require(
                BigEndian.u32(source, at) == Crc32cSum.of(source, at + 4, BYTES - 4),
                "record head checksum differs");
        int length = BigEndian.u32(source, at + 8);
        FormatException.require(0 <= length, "record length is negative. length", length);
        return new RecordHead(
                length,
                BigEndian.u32(source, at + 12),
                BigEndian.u64(source, at + 16),
                BigEndian.u64(source, at + 24),
                BigEndian.u64(source, at + 32),
                BigEndian.u64(source, at + 40),
                BigEndian.u64(source, at + 48),
                BigEndian.u64(source, at + 56));
    }

    /// Throws [FormatException] unless `rows` are those that the record was written with.
    public void requireRows(Bytes rows) {
        FormatException.require(rows.length() == length, "record truncated. length", rows.length());
        FormatException.require(Crc32cSum.of(rows) == rowsCrc, "record checksum differs. seq", seq);
    }

    /// The value of the chain behind this record: of all that was logged before it, and of this.
    public long chain() {
        long value = chainBefore ^ mixed(seq) ^ Long.rotateLeft(mixed(createdAtMillis), 17);
        return mixed(value + mixed(((long) rowsCrc << 32) | length));
    }

    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 33)) * MIX_1;
        mixed = (mixed ^ (mixed >>> 33)) * MIX_2;
        return mixed ^ (mixed >>> 33);
    }

    /// How many bytes a record with so many bytes of rows takes in a segment.
    public static long spaceFor(long rowsLength) {
        return (BYTES + rowsLength + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
