package dev.holdfast.redis.rdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.rdb.RdbException.Damaged;
import dev.holdfast.redis.rdb.RdbException.Unsupported;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a snapshot says, record by record, and what is said of one that is wrong.
class RdbReaderTest {
    private static final String MODULE = "\u0081\0\0\0\0\0\0\u0004\0";

    @Test
    void shouldTellWhatWasWritten() {
        // given
        var bytes = new ByteArrayOutputStream();
        var writer = new RdbWriter(bytes);
        writer.aside("redis-ver", "7.0.0");
        writer.functions(Bytes.utf8("source"));
        writer.database(5, 70_000, 3);
        writer.key(Bytes.utf8("a"), RdbType.STRING, 123_456_789_012L);
        writer.out().string(Bytes.utf8("-129"));
        writer.key(Bytes.utf8("skipped"), RdbType.LIST, -1);
        writer.out().length(1);
        writer.out().string(Bytes.utf8("element"));
        writer.end();
        // when
        var reader = RdbReader.open(new ByteArrayInputStream(bytes.toByteArray()));
        List<Object> told = new ArrayList<>();
        for (RdbRecord next = reader.next(); next != null; next = reader.next()) {
            told.add(next);
            if (next instanceof RdbRecord.Key key && key.type() == RdbType.STRING)
                reader.value(told::add);
        }
        // then
        assertEquals(
                List.of(
                        new RdbRecord.Aside(Bytes.utf8("redis-ver"), Bytes.utf8("7.0.0")),
                        new RdbRecord.Functions(Bytes.utf8("source")),
                        new RdbRecord.Database(5),
                        new RdbRecord.Sizes(70_000, 3),
                        new RdbRecord.Key(Bytes.utf8("a"), RdbType.STRING, 123_456_789_012L),
                        new RdbPart.Piece(Bytes.utf8("-129")),
                        new RdbRecord.Key(Bytes.utf8("skipped"), RdbType.LIST, -1)),
                told);
        assertTrue(reader.isChecked());
        assertNull(reader.next());
        assertEquals(bytes.size(), reader.offset());
    }

    @Test
    void shouldReadWhatOldServersWrote() {
        String body =
                "\u00fe\0"
                        + "\u00fd\1\0\0\0\0\1k\2v1"
                        + "\u00f8\u0005\u00f9\u0009\0\1m\u00c1\u0010\u0027"
                        + "\u00ff";

        var reader = RdbReader.open(stream("REDIS0003" + body));

        assertEquals(new RdbRecord.Database(0), reader.next());
        assertEquals(new RdbRecord.Key(Bytes.utf8("k"), RdbType.STRING, 1000), reader.next());
        assertEquals(new RdbRecord.Key(Bytes.utf8("m"), RdbType.STRING, -1), reader.next());
        List<RdbPart> parts = new ArrayList<>();
        reader.value(parts::add);
        assertEquals(List.of(new RdbPart.Piece(Bytes.utf8("10000"))), parts);
        assertNull(reader.next());
        assertFalse(reader.isChecked());
    }

    @Test
    void shouldGoOnBehindTheValueOfAModule() {
        String value = MODULE + "\1\5\2\7\3abcd\4abcdefgh\5\3abc\0";
        String body = "\7\1k" + value + "\0\1s\1x" + "\u00ff" + "\0".repeat(8);

        var reader = RdbReader.open(stream("REDIS0010" + body));

        assertEquals(new RdbRecord.Key(Bytes.utf8("k"), RdbType.MODULE_2, -1), reader.next());
        var refused = assertThrows(Unsupported.class, () -> reader.value(_ -> {}));
        assertEquals(12, refused.offset());
        assertEquals(new RdbRecord.Key(Bytes.utf8("s"), RdbType.STRING, -1), reader.next());
        assertNull(reader.next());
    }

    @Test
    void shouldTellWhatAModuleKeepsBesideKeys() {
        String body = "\u00f7" + MODULE + "\2\2\5\1x\0" + "\u00ff" + "\0".repeat(8);

        var reader = RdbReader.open(stream("REDIS0010" + body));

        assertEquals(new RdbRecord.ModuleAside("AAAAAAAAB"), reader.next());
        assertNull(reader.next());
    }

    @Test
    void shouldRefuseASnapshotThatIsCutAnywhere() {
        var bytes = new ByteArrayOutputStream();
        var writer = new RdbWriter(bytes);
        writer.database(0, 1, 0);
        writer.key(Bytes.utf8("hash"), RdbType.HASH, 5);
        writer.out().length(1);
        writer.out().string(Bytes.utf8("field"));
        writer.out().string(Bytes.utf8("v".repeat(100)));
        writer.end();
        for (int length = 0; length < bytes.size(); length++) {
            byte[] cut = Arrays.copyOf(bytes.toByteArray(), length);
            var refused = assertThrows(Damaged.class, () -> readAll(cut));
            assertTrue(refused.offset() <= length, refused.toString());
        }
    }

    @Test
    void shouldRefuseASnapshotWhoseChecksumIsWrong() {
        var bytes = new ByteArrayOutputStream();
        var writer = new RdbWriter(bytes);
        writer.key(Bytes.utf8("k"), RdbType.STRING, -1);
        writer.out().string(Bytes.utf8("value"));
        writer.end();
        byte[] damaged = bytes.toByteArray();
        damaged[14] ^= 1;

        var refused = assertThrows(Damaged.class, () -> readAll(damaged));

        assertEquals("checksum wrong. offset=`" + (damaged.length - 8) + "`", refused.getMessage());
    }

    @Test
    void shouldRefuseWhatIsNoSnapshotOrTooNew() {
        assertThrows(Damaged.class, () -> RdbReader.open(stream("PK\3\4 an archive")));
        assertThrows(Damaged.class, () -> RdbReader.open(stream("REDISxxxx")));
        assertThrows(Unsupported.class, () -> RdbReader.open(stream("REDIS0012\u00ff")));
        var reader = RdbReader.open(stream("REDIS0011\u0016\1k"));
        assertThrows(Unsupported.class, reader::next);
    }

    @Test
    void shouldTellALongStringInPieces() {
        int length = 3 * RdbInput.PIECE_BYTES_MAX + 17;
        var bytes = new ByteArrayOutputStream();
        var out = new RdbOutput(bytes);
        out.string(Bytes.wrap(new byte[length]));
        out.flush();
        List<Integer> pieces = new ArrayList<>();

        int told = RdbInput.of(Bytes.wrap(bytes.toByteArray())).pieces(p -> pieces.add(p.length()));

        assertEquals(length, told);
        int most = RdbInput.PIECE_BYTES_MAX;
        assertEquals(List.of(most, most, most, 17), pieces);
    }

    @Test
    void shouldReadEveryLengthThatCanBeWritten() {
        long[] lengths = {0, 63, 64, 16_383, 16_384, 0xffff_ffffL, 0x1_0000_0000L, -1, 1L << 62};
        var bytes = new ByteArrayOutputStream();
        var out = new RdbOutput(bytes);
        for (long length : lengths) out.length(length);
        out.flush();
        var in = RdbInput.of(Bytes.wrap(bytes.toByteArray()));

        for (long length : lengths) assertEquals(length, in.length());
    }

    private static void readAll(byte[] snapshot) {
        var reader = RdbReader.open(new ByteArrayInputStream(snapshot));
        for (RdbRecord next = reader.next(); next != null; next = reader.next())
            if (next instanceof RdbRecord.Key) reader.value(_ -> {});
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(ISO_8859_1));
    }
}
