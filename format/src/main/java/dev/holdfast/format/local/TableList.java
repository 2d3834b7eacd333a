package dev.holdfast.format.local;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The list of tables that lie on the local disk and may not be in the object store yet: a head,
/// then records, appended one by one.
///
/// @param database whose tables they are
/// @param records oldest first
public record TableList(UUID database, List<TableRecord> records) {
    /// How many bytes the head takes.
    public static final int HEAD_BYTES = 40;

    private static final long MAGIC = 0x484F4C4446544231L; // "HOLDFTB1"

    public TableList {
        records = List.copyOf(records);
    }

    /// The whole file.
    public List<Bytes> encode() {
        byte[] head = new byte[HEAD_BYTES];
        int at = BigEndian.putU64(head, 0, MAGIC);
        at = BigEndian.putU64(head, at, database.getMostSignificantBits());
        at = BigEndian.putU64(head, at, database.getLeastSignificantBits());
        BigEndian.putU32(head, at, Crc32cSum.of(head, 0, at));
        var parts = new ArrayList<Bytes>();
        parts.add(Bytes.wrap(head));
        for (TableRecord record : records) parts.add(record.encode());
        return parts;
    }

    /// The list in `file` up to the first record that is not whole: what a crash has torn was never
    /// relied on. Throws [FormatException] if the head is none.
    public static TableList decode(Bytes file) {
        FormatException.require(
                HEAD_BYTES <= file.length(), "table list truncated. length", file.length());
        byte[] in = file.array();
        int at = file.offset();
        FormatException.require(BigEndian.u64(in, at) == MAGIC, "no list of local tables");
        int sum = Crc32cSum.of(in, at, 24);
        FormatException.require(BigEndian.u32(in, at + 24) == sum, "table list checksum differs");
        var records = new ArrayList<TableRecord>();
        for (int next = HEAD_BYTES; next + TableRecord.BYTES <= file.length(); ) {
            int end = next + TableRecord.BYTES;
            try {
                records.add(TableRecord.decode(file.slice(next, end)));
            } catch (FormatException _) {
                break;
            }
            next = end;
        }
        var database = new UUID(BigEndian.u64(in, at + 8), BigEndian.u64(in, at + 16));
        return new TableList(database, records);
    }
}
