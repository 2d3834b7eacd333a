package dev.holdfast.engine.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.ReadView.OutOfReach;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TestTables;
import dev.holdfast.engine.view.KeyHash;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.ReadSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class StableViewTest {
    private final Memtable memtable = new Memtable();
    private final StableView.Reading reading = new StableView.Reading(Env.system(), null);

    private StableView view(long seq) {
        return new StableView(reading, LsmView.of(memtable), seq);
    }

    private void put(long seq, String key, String value) {
        memtable.apply(new WriteBatch().put(Bytes.utf8(key), Bytes.utf8(value)).cursor(), seq, 0);
    }

    @Test
    void shouldStayAsItWasWhenMoreIsWritten() {
        put(1, "a", "old");
        StableView view = view(1);
        Scan scan = view.scan(KeyRange.all());
        put(2, "a", "new");
        put(3, "b", "new");

        assertEquals(Bytes.utf8("old"), view.get(Bytes.utf8("a")));
        assertNull(view.get(Bytes.utf8("b")));
        assertTrue(scan.next());
        assertEquals(Bytes.utf8("old"), scan.value());
        assertFalse(scan.next());
        assertEquals(1, view.observedSeq());
    }

    @Test
    void shouldRememberTheKeysThatWereReadFoundOrNot() {
        put(1, "a", "1");
        StableView view = view(1);
        view.get(Bytes.utf8("a"));
        view.get(Bytes.utf8("missing"));

        assertArrayEquals(new long[] {hash("a"), hash("missing")}, view.readSet().keyHashes());
        assertFalse(view.readSet().isOverfull());
    }

    private static long hash(String key) {
        Bytes bytes = Bytes.utf8("--" + key).slice(2, 2 + key.length());
        return KeyHash.of(bytes.array(), bytes.offset(), bytes.length());
    }

    @Test
    void shouldSayWhenMoreKeysWereReadThanItRemembers() {
        var reads = new ReadSet(1);
        for (int i = 0; i < ReadSet.KEYS_MAX; i++) reads.addKey(Bytes.utf8("k" + i));
        assertFalse(reads.isOverfull());

        reads.addKey(Bytes.utf8("k7"));

        assertTrue(reads.isOverfull());
        assertEquals(ReadSet.KEYS_MAX, reads.keyHashes().length);
    }

    @Test
    void shouldRefuseKeysThatNoRowCanHave() {
        StableView view = view(0);

        assertThrows(StorageException.Invalid.class, () -> view.get(Bytes.EMPTY));
        assertThrows(
                StorageException.Invalid.class,
                () -> view.get(Bytes.wrap(new byte[WriteBatch.KEY_BYTES_MAX + 1])));
        assertNull(view.get(Bytes.wrap(new byte[WriteBatch.KEY_BYTES_MAX])));
    }

    @Test
    void shouldRefuseReadsOnceClosedThoughOpenScansGoOn() {
        put(1, "a", "1");
        StableView view = view(1);
        Scan scan = view.scan(KeyRange.all());

        view.close();

        assertThrows(StorageException.Closed.class, () -> view.get(Bytes.utf8("a")));
        assertThrows(StorageException.Closed.class, () -> view.scan(KeyRange.all()));
        assertTrue(scan.next());
    }

    @Test
    void shouldHideAnExpiredRowAndWhatIsOlder() {
        long now = Env.system().currentTimeMillis();
        put(1, "a", "older");
        Bytes key = Bytes.utf8("a");
        memtable.apply(new WriteBatch().put(key, key, now - 1000).cursor(), 2, 0);
        memtable.apply(new WriteBatch().put(Bytes.utf8("b"), key, now + 1_000_000).cursor(), 3, 0);

        StableView view = view(3);

        assertNull(view.get(key));
        assertEquals(2, view.observedSeq());
        assertEquals(key, view.get(Bytes.utf8("b")));
    }

    @Test
    void shouldKeepToMemoryWhenItIsToldTo() {
        // given: two keys in a table that nobody has read, one in the memtable
        var tables = new TestTables();
        SstReader table = tables.table(List.of(TestRow.put("a", 1, "1"), TestRow.put("c", 2, "2")));
        put(3, "b", "3");
        LsmView both = new LsmView(memtable, List.of(), List.of(table), List.of());
        var view = new StableView(reading, both, 3);
        view.keepToMemory();
        // then
        assertEquals(Bytes.utf8("3"), view.get(Bytes.utf8("b")));
        assertNull(view.get(Bytes.utf8("z")));
        assertThrows(OutOfReach.class, () -> view.get(Bytes.utf8("a")));
        assertThrows(OutOfReach.class, () -> view.scan(KeyRange.all()));
        assertEquals(0, tables.cache.misses());
        // when another has read them
        assertEquals(Bytes.utf8("1"), new StableView(reading, both, 3).get(Bytes.utf8("a")));
        // then
        assertEquals(Bytes.utf8("1"), view.get(Bytes.utf8("a")));
        assertTrue(view.scan(KeyRange.prefix(Bytes.utf8("a"))).next());
    }

    @Test
    void shouldLeaveALargeValueToWhoeverMayTakeTime() {
        // given
        Bytes key = Bytes.utf8("a");
        Bytes large = Bytes.wrap(new byte[(64 << 10) + 1]);
        memtable.apply(new WriteBatch().put(key, large).cursor(), 1, 0);
        put(2, "b", "2");
        StableView view = view(2);
        assertEquals(large, view.get(key));
        // when
        view.keepToMemory();
        // then
        assertThrows(OutOfReach.class, () -> view.get(key));
        assertEquals(Bytes.utf8("2"), view.get(Bytes.utf8("b")));
    }

    @Test
    void shouldNeedNoTableBelowTheNewestRowUnlessItIsAnOperand() {
        // given: an older table that nobody has read
        var tables = new TestTables();
        SstReader older = tables.table(List.of(TestRow.put("a", 1, "1"), TestRow.put("b", 2, "2")));
        SstReader newer =
                tables.table(List.of(TestRow.put("a", 3, "3"), TestRow.merge("b", 4, "4")));
        var lone = new LsmView(memtable, List.of(), List.of(newer), List.of());
        new StableView(joining(), lone, 4).get(Bytes.utf8("b"));
        var both = new LsmView(memtable, List.of(), List.of(newer, older), List.of());
        var view = new StableView(joining(), both, 4);
        view.keepToMemory();
        // then
        assertEquals(Bytes.utf8("3"), view.get(Bytes.utf8("a")));
        assertThrows(OutOfReach.class, () -> view.get(Bytes.utf8("b")));
        // when another has read it
        new StableView(joining(), both, 4).get(Bytes.utf8("b"));
        // then
        assertEquals(Bytes.utf8("24"), view.get(Bytes.utf8("b")));
    }

    private static StableView.Reading joining() {
        MergeOperator joining =
                (key, older, operands) -> {
                    var joined = new StringBuilder(older == null ? "" : older.toUtf8());
                    for (Bytes operand : operands) joined.append(operand.toUtf8());
                    return Bytes.utf8(joined.toString());
                };
        return new StableView.Reading(Env.system(), joining);
    }

    @Test
    void shouldTellWhatWasObservedSinceItWasAskedLast() {
        put(1, "a", "1");
        put(2, "b", "2");
        StableView view = view(2);
        view.get(Bytes.utf8("b"));
        assertEquals(2, view.observedLately());

        view.get(Bytes.utf8("a"));

        assertEquals(1, view.observedLately());
        assertEquals(0, view.observedLately());
        assertEquals(2, view.observedSeq());
    }
}
