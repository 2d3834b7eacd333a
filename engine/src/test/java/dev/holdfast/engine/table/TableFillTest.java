package dev.holdfast.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.ReadView.OutOfReach;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.filter.SipHash;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is in memory of a table that was just written.
class TableFillTest {
    private static final int ROWS = 40_000; // more than one piece

    private static List<TestRow> rows() {
        return IntStream.range(0, ROWS)
                .mapToObj(i -> TestRow.put("k%06d".formatted(i), 1, "value " + i))
                .toList();
    }

    private static boolean isAtHand(SstReader table, int number) {
        Bytes key = Bytes.utf8("k%06d".formatted(number));
        long hash = SipHash.of(key.array(), key.offset(), key.length());
        try {
            return table.find(key, hash, 9, new FoundRow(), Reach.MEMORY);
        } catch (OutOfReach _) {
            return false;
        }
    }

    private static String found(SstReader table, int number) {
        return SstReaderTest.found(table, Bytes.utf8("k%06d".formatted(number)), 9);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadNothingMoreWhenAllOfItWasBroughtIn(Codec codec) {
        var tables = new TestTables(ByteSize.mebibytes(16), new SstSettings(300, codec, 10, 0));
        SstReader table = tables.table(rows());

        TableFill.fill(table);

        long before = tables.store.calls();
        assertTrue(table.isAtHand(KeyRange.of(key(10), key(200))));
        for (int i = 0; i < ROWS; i++) {
            assertTrue(isAtHand(table, i), "row " + i);
            assertEquals("1 4 value " + i, found(table, i));
        }
        assertEquals(before, tables.store.calls());
    }

    private static Bytes key(int number) {
        return Bytes.utf8("k%06d".formatted(number));
    }

    @Test
    void shouldLeaveAQuarterOfTheCacheToWhatIsRead() {
        var tables = new TestTables(ByteSize.mebibytes(1), new SstSettings(256, Codec.NONE, 10, 0));
        SstReader read = tables.table(rows().subList(0, 500));
        TableFill.fill(read);
        SstReader table = tables.table(rows());

        TableFill.fill(table);

        assertTrue(isAtHand(table, 0));
        assertFalse(isAtHand(table, ROWS - 1));
        assertTrue(tables.cache.bytes() <= 1 << 20, "bytes=" + tables.cache.bytes());
        assertTrue(isAtHand(read, 100));
    }

    @Test
    void shouldLeaveACacheAloneThatIsTooSmall() {
        var tables =
                new TestTables(ByteSize.kibibytes(64), new SstSettings(256, Codec.NONE, 10, 0));
        SstReader table = tables.table(rows());

        TableFill.fill(table);

        assertEquals(0, tables.cache.bytes());
        assertEquals("1 4 value 7", found(table, 7));
    }

    @Test
    void shouldLeaveWhatCannotBeReadToWhoeverReadsIt() {
        var tables = new TestTables();
        SstHandle handle = tables.write(rows());
        SstReader table = tables.open(new MemoryStore(), handle, null);

        TableFill.fill(table);

        assertEquals(0, tables.cache.bytes());
        assertThrows(StorageException.CorruptData.class, () -> found(table, 7));
    }
}
