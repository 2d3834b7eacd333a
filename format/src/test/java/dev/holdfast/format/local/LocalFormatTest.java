package dev.holdfast.format.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.local.LocalIdentity.Attempt;
import dev.holdfast.format.wire.FormatException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LocalFormatTest {
    private static final UUID DATABASE = new UUID(1, 2);
    private static final RecordHead.Link LINK = new RecordHead.Link(7, 3, 0x1122334455667788L, 40);

    private static final Bytes ROWS =
            Bytes.wrap(HexFormat.of().parseHex("000201616231" + "0101007a"));

    @Test
    void shouldReadASegmentHeadBackAndNoneWithAFlippedByte() {
        var head = new SegmentHead(DATABASE, 3, 7, 41, 99);
        byte[] block = head.encode().toArray();

        assertEquals(head, SegmentHead.decode(Bytes.wrap(block)));
        for (int at = 0; at < 68; at++) {
            byte[] flipped = block.clone();
            flipped[at] ^= 0x10;
            assertThrows(FormatException.class, () -> SegmentHead.decode(Bytes.wrap(flipped)));
        }
        assertThrows(
                FormatException.class,
                () -> SegmentHead.decode(Bytes.wrap(block, 0, SegmentHead.BYTES - 1)));
    }

    @Test
    void shouldReadARecordHeadBackAndNoneWithAFlippedByte() {
        RecordHead head = RecordHead.of(ROWS, LINK, 41, 1_700_000_000_000L);
        byte[] encoded = new byte[RecordHead.BYTES + 8];
        head.encode(encoded, 8);

        assertEquals(head, RecordHead.decode(encoded, 8));
        head.requireRows(ROWS);
        for (int at = 8; at < encoded.length; at++) {
            byte[] flipped = encoded.clone();
            flipped[at] ^= 0x01;
            assertThrows(FormatException.class, () -> RecordHead.decode(flipped, 8));
        }
    }

    @Test
    void shouldNotTakeRowsOfAnotherRecord() {
        RecordHead head = RecordHead.of(ROWS, LINK, 41, 0);
        byte[] flipped = ROWS.toArray();
        flipped[5] ^= 0x01;

        assertThrows(FormatException.class, () -> head.requireRows(Bytes.wrap(flipped)));
        assertThrows(FormatException.class, () -> head.requireRows(ROWS.slice(0, 5)));
    }

    @Test
    void shouldGiveTheChainAnotherValueForWhateverDiffers() {
        long chain = RecordHead.of(ROWS, LINK, 41, 5).chain();

        assertEquals(chain, RecordHead.of(ROWS, LINK, 41, 5).chain());
        assertNotEquals(chain, RecordHead.of(ROWS, LINK, 42, 5).chain());
        assertNotEquals(chain, RecordHead.of(ROWS, LINK, 41, 6).chain());
        assertNotEquals(chain, RecordHead.of(ROWS.slice(0, 6), LINK, 41, 5).chain());
        var other = new RecordHead.Link(7, 3, 0x1122334455667789L, 40);
        assertNotEquals(chain, RecordHead.of(ROWS, other, 41, 5).chain());
    }

    @Test
    void shouldKeepTheBytesOfARecordAsTheyAreDocumented() {
        byte[] encoded = new byte[RecordHead.BYTES];
        RecordHead.of(ROWS, LINK, 41, 5).encode(encoded, 0);

        assertEquals(
                "484c5231" // magic
                        + "0000000a" // length
                        + HexFormat.of().toHexDigits(Crc32cSum.of(ROWS))
                        + "0000000000000007" // segment
                        + "0000000000000003" // epoch
                        + "0000000000000029" // seq
                        + "1122334455667788" // chain before
                        + "0000000000000028" // forced
                        + "0000000000000005", // created at
                HexFormat.of().formatHex(encoded, 4, encoded.length));
        assertEquals(80, RecordHead.spaceFor(ROWS.length()));
    }

    @Test
    void shouldCountRowsAndRefuseWhatIsNoRow() {
        assertEquals(2, RecordRows.count(ROWS));
        assertEquals(0, RecordRows.count(Bytes.EMPTY));
        List<String> wrong =
                List.of(
                        "03020161623161", // kind
                        "00000161", // no key
                        "0002016162", // value missing
                        "01010161", // removal with a value
                        "00ffffffffffff01", // length without an end
                        "00ffffffff7f0161", // length beyond the bytes
                        "0001ffffffff0761", // value beyond the bytes
                        "02010161"); // expiry missing
        for (String hex : wrong) {
            Bytes rows = Bytes.wrap(HexFormat.of().parseHex(hex));
            assertThrows(FormatException.class, () -> RecordRows.count(rows), hex);
        }
    }

    @Test
    void shouldReadAnIdentityBackAndNoneWithAFlippedByte() {
        var attempts = new ArrayList<Attempt>();
        for (int i = 0; i < 20; i++) attempts.add(new Attempt(i, new Ulid(i, -i)));
        var identity = new LocalIdentity(DATABASE, new UUID(3, 4), 5, 4, 6, attempts);
        byte[] file = identity.encode().toArray();

        assertEquals(LocalIdentity.ATTEMPTS_MAX, identity.attempts().size());
        assertEquals(identity, LocalIdentity.decode(Bytes.wrap(file)));
        for (int at = 0; at < file.length; at++) {
            byte[] flipped = file.clone();
            flipped[at] ^= 0x20;
            assertThrows(FormatException.class, () -> LocalIdentity.decode(Bytes.wrap(flipped)));
            Bytes cut = Bytes.wrap(file, 0, at);
            assertThrows(FormatException.class, () -> LocalIdentity.decode(cut));
        }
    }

    private static TableRecord table(int number) {
        return new TableRecord(
                new Ulid(7, number),
                3,
                4096,
                0x01020304,
                10L * number,
                10L * number + 10,
                -5,
                2,
                1_700_000_000_000L,
                number);
    }

    private static byte[] joined(List<Bytes> parts) {
        int length = parts.stream().mapToInt(Bytes::length).sum();
        byte[] whole = new byte[length];
        int at = 0;
        for (Bytes part : parts) {
            part.copyTo(whole, at);
            at += part.length();
        }
        return whole;
    }

    @Test
    void shouldReadAListOfTablesBackUpToWhatIsTorn() {
        var list = new TableList(DATABASE, List.of(table(0), table(1), table(2)));
        byte[] file = joined(list.encode());

        assertEquals(list, TableList.decode(Bytes.wrap(file)));
        for (int at = TableList.HEAD_BYTES; at < file.length; at++) {
            int whole = (at - TableList.HEAD_BYTES) / TableRecord.BYTES;
            var left = new TableList(DATABASE, list.records().subList(0, whole));
            assertEquals(left, TableList.decode(Bytes.wrap(file, 0, at)), "cut at " + at);
            byte[] flipped = file.clone();
            flipped[at] ^= 0x20;
            assertEquals(left, TableList.decode(Bytes.wrap(flipped)), "flipped at " + at);
        }
        for (int at = 0; at < 28; at++) {
            byte[] flipped = file.clone();
            flipped[at] ^= 0x20;
            assertThrows(FormatException.class, () -> TableList.decode(Bytes.wrap(flipped)));
        }
    }

    @Test
    void shouldKeepTheBytesOfATableRecordAsTheyAreDocumented() {
        assertEquals(
                "48545231" // magic
                        + "0000000000000007" // ULID
                        + "0000000000000001"
                        + "0000000000000003" // epoch
                        + "0000000000001000" // size
                        + "000000000000000a" // seq before
                        + "0000000000000014" // last seq
                        + "fffffffffffffffb" // last tick
                        + "0000000000000002" // oldest commit of a view
                        + "0000018bcfe56800" // made at
                        + "01020304" // checksum of the file
                        + "00000001", // tables that follow
                HexFormat.of().formatHex(table(1).encode().toArray(), 4, TableRecord.BYTES));
    }
}
