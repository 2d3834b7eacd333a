package dev.holdfast.format.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.golden.OnceWritten;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The small files of a local directory as they were once written: today's reader reads them, and
/// today's writer writes the same.
class LocalGoldenTest {
    private static final UUID DATABASE = UUID.fromString("6f0f2c0e-9f5e-4f0a-8a53-1d2d3c4b5a69");
    private static final UUID NODE = UUID.fromString("0b5f7c1e-2d3a-4b4c-9d5e-6f708192a3b4");
    private static final Bytes ROWS =
            Bytes.wrap(
                    HexFormat.of()
                            .parseHex("000201616231" + "0101007a" + "02010100000000000000ff6b76"));

    private static LocalIdentity identity() {
        var attempt = new LocalIdentity.Attempt(17, Ulid.parse("01KB0000000000000000000001"));
        return new LocalIdentity(DATABASE, NODE, 5, 4, 6, List.of(attempt));
    }

    private static TableRecord table(int number) {
        return new TableRecord(
                new Ulid(7, number),
                3,
                4096,
                0x01020304,
                10L * number,
                10L * number + 10,
                1_763_700_000_000L,
                2,
                1_763_700_000_500L,
                0);
    }

    private static Bytes joined(List<Bytes> parts) {
        var whole = new ByteArrayOutputStream();
        for (Bytes part : parts) whole.writeBytes(part.toArray());
        return Bytes.wrap(whole.toByteArray());
    }

    @Test
    void shouldKeepTheIdentityOfADirectory() {
        OnceWritten.requireSame("local/identity", identity().encode());
        assertEquals(identity(), LocalIdentity.decode(OnceWritten.read("local/identity")));
    }

    @Test
    void shouldKeepTheNoteOfATail() {
        var note = new TailNote(DATABASE, 4, 6, 2, 4711);

        OnceWritten.requireSame("local/tail-note", note.encode());
        assertEquals(note, TailNote.decode(OnceWritten.read("local/tail-note")));
        var unknown = new TailNote(DATABASE, 4, 6, 2, -1);
        OnceWritten.requireSame("local/tail-note-unknown", unknown.encode());
        assertEquals(unknown, TailNote.decode(OnceWritten.read("local/tail-note-unknown")));
    }

    @Test
    void shouldKeepTheListOfTables() {
        var list = new TableList(DATABASE, List.of(table(0), table(1)));

        OnceWritten.requireSame("local/tables", joined(list.encode()));
        assertEquals(list, TableList.decode(OnceWritten.read("local/tables")));
    }

    @Test
    void shouldKeepTheHeadsOfSegmentsAndRecords() {
        var segment = new SegmentHead(DATABASE, 3, 7, 41, 0x1122334455667788L);
        OnceWritten.requireSame("local/segment-head", segment.encode());
        assertEquals(segment, SegmentHead.decode(OnceWritten.read("local/segment-head")));

        var link = new RecordHead.Link(7, 3, 0x1122334455667788L, 40);
        RecordHead record = RecordHead.of(ROWS, link, 42, 1_763_700_000_000L);
        byte[] bytes = new byte[RecordHead.BYTES + ROWS.length()];
        record.encode(bytes, 0);
        ROWS.copyTo(bytes, RecordHead.BYTES);
        OnceWritten.requireSame("local/record", Bytes.wrap(bytes));

        Bytes stored = OnceWritten.read("local/record");
        RecordHead read = RecordHead.decode(stored.toArray(), 0);
        Bytes rows = stored.slice(RecordHead.BYTES, stored.length());
        read.requireRows(rows);
        assertEquals(record, read);
        assertEquals(0x0L, read.chain() ^ record.chain());
        assertEquals(3, RecordRows.count(rows));
    }
}
