package dev.holdfast.format.local;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.ByteReader;
import dev.holdfast.format.wire.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Whose log a directory holds, and under which epochs it was written.
///
/// @param database whose log it is
/// @param node of this directory, drawn when it was made
/// @param heldEpoch the last epoch that this directory is known to have had, with no other's epoch
///   since `logEpoch`
/// @param logEpoch the epoch of the segments that count
/// @param firstSegment older segments do not count any more
/// @param attempts takeovers that were under way, and may have won an epoch or not
public record LocalIdentity(
        UUID database,
        UUID node,
        long heldEpoch,
        long logEpoch,
        long firstSegment,
        List<Attempt> attempts) {
    /// How many attempts are remembered: the youngest.
    public static final int ATTEMPTS_MAX = 16;

    private static final long MAGIC = 0x484F4C4446494431L; // "HOLDFID1"
    private static final int ULID_BYTES = 16;

    /// How many bytes one takes at most.
    public static final int BYTES_MAX = 76 + ATTEMPTS_MAX * (Long.BYTES + ULID_BYTES);

    /// A takeover: the manifest by which it was to win, and the put's id.
    public record Attempt(long manifestId, Ulid putId) {}

    public LocalIdentity {
        int surplus = Math.max(0, attempts.size() - ATTEMPTS_MAX);
        attempts = List.copyOf(attempts.subList(surplus, attempts.size()));
    }

    /// The whole file.
    public Bytes encode() {
        int length = 68 + attempts.size() * (Long.BYTES + ULID_BYTES);
        byte[] file = new byte[length + Integer.BYTES];
        int at = BigEndian.putU64(file, 0, MAGIC);
        at = BigEndian.putU64(file, at, database.getMostSignificantBits());
        at = BigEndian.putU64(file, at, database.getLeastSignificantBits());
        at = BigEndian.putU64(file, at, node.getMostSignificantBits());
        at = BigEndian.putU64(file, at, node.getLeastSignificantBits());
        at = BigEndian.putU64(file, at, heldEpoch);
        at = BigEndian.putU64(file, at, logEpoch);
        at = BigEndian.putU64(file, at, firstSegment);
        at = BigEndian.putU32(file, at, attempts.size());
        for (Attempt attempt : attempts) {
            at = BigEndian.putU64(file, at, attempt.manifestId);
            at = BigEndian.putU64(file, at, attempt.putId.high());
            at = BigEndian.putU64(file, at, attempt.putId.low());
        }
        BigEndian.putU32(file, at, Crc32cSum.of(file, 0, at));
        return Bytes.wrap(file);
    }

    /// Throws [FormatException] if `file` is none, or one that is damaged.
    public static LocalIdentity decode(Bytes file) {
        FormatException.require(
                Integer.BYTES < file.length(), "identity truncated. length", file.length());
        int bodyLength = file.length() - Integer.BYTES;
        int stored = BigEndian.u32(file.array(), file.offset() + bodyLength);
        FormatException.require(
                stored == Crc32cSum.of(file.slice(0, bodyLength)), "identity checksum differs");
        var reader = new ByteReader(file.slice(0, bodyLength), "identity");
        FormatException.require(reader.u64() == MAGIC, "no identity of a local log");
        var database = new UUID(reader.u64(), reader.u64());
        var node = new UUID(reader.u64(), reader.u64());
        long heldEpoch = reader.u64();
        long logEpoch = reader.u64();
        long firstSegment = reader.u64();
        int count = reader.u32();
        FormatException.require(0 <= count && count <= ATTEMPTS_MAX, "attempts", count);
        var attempts = new ArrayList<Attempt>();
        for (int i = 0; i < count; i++)
            attempts.add(new Attempt(reader.u64(), new Ulid(reader.u64(), reader.u64())));
        reader.expectEnd();
        return new LocalIdentity(database, node, heldEpoch, logEpoch, firstSegment, attempts);
    }
}
