package dev.holdfast.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.iter.RowList;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.fault.Fault;
import dev.holdfast.objectstore.fault.FaultStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TableFaultTest {
    private final TestTables tables = new TestTables();

    @Test
    @Tag("OBJ-11")
    void shouldNameObjectAndOffsetWhenABlockStaysDamaged() {
        SstHandle handle = tables.write(SstReaderTest.keys(0, 100));
        String name = TablePaths.of("db").name(handle.id());
        byte[] bytes = tables.store.get(name).toArray();
        bytes[10] ^= 1;
        tables.store.put(name, List.of(Bytes.wrap(bytes)));

        var failure =
                assertThrows(
                        CorruptData.class,
                        () -> SstReaderTest.found(tables.open(handle), SstReaderTest.key(0), 9));

        assertTrue(
                failure.getMessage().endsWith(". object=`" + name + "`, offset=`0`"),
                failure.getMessage());
    }

    @Test
    @Tag("OBJ-11")
    void shouldNeverServeAFlippedByte() {
        SstHandle handle = tables.write(SstReaderTest.keys(0, 60));
        String name = TablePaths.of("db").name(handle.id());
        byte[] whole = tables.store.get(name).toArray();
        List<TestRow> expected = SstReaderTest.keys(0, 60);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 + at % 255);
            tables.store.put(name, List.of(Bytes.wrap(damaged)));
            SstReader table = tables.open(handle);
            try {
                // What no scan reads, the filter and the stats, is allowed to be wrong here.
                assertEquals(
                        expected,
                        TestRow.drain(table.cursor(KeyRange.all(), Order.ASCENDING)),
                        "at=" + at);
                long filter = handle.properties().filter().offset();
                long stats = handle.properties().stats().offset();
                long end = handle.properties().propertiesOffset();
                long index = handle.properties().index().offset();
                assertTrue(filter <= at && at < index || stats <= at && at < end, "at=" + at);
                if (at < index)
                    assertThrows(
                            CorruptData.class,
                            () -> SstReaderTest.found(table, SstReaderTest.key(1), 9));
            } catch (CorruptData detected) {
                assertTrue(detected.getMessage().contains(name), detected.getMessage());
            }
        }
    }

    @Test
    void shouldHealWhatWasDamagedOnTheWayByReadingAgain() {
        SstHandle handle = tables.write(SstReaderTest.keys(0, 100));
        var flaky =
                new FaultStore(
                        tables.store,
                        call -> call.number() % 2 == 1 ? flip() : new Fault.None(),
                        Env.system());

        SstReader table = tables.open(flaky, handle, null);

        assertEquals("1 4 v5", SstReaderTest.found(table, SstReaderTest.key(5), 9));
        assertTrue(0 < flaky.struck());
    }

    private static Fault flip() {
        return new Fault.BitFlip(31);
    }

    @Test
    @Tag("OBJ-10")
    void shouldReadAgainWhenAnAnswerWasCutShort() {
        SstHandle handle = tables.write(SstReaderTest.keys(0, 3000));
        ThreadLocal<Integer> calls = ThreadLocal.withInitial(() -> 0); // several threads read ahead
        var cutting =
                new FaultStore(
                        tables.store,
                        call -> {
                            calls.set(calls.get() + 1);
                            return calls.get() % 2 == 1 ? new Fault.Truncated(7) : new Fault.None();
                        },
                        Env.system());

        SstReader table = tables.open(cutting, handle, null);

        assertEquals(
                SstReaderTest.keys(0, 3000),
                TestRow.drain(table.cursor(KeyRange.all(), Order.ASCENDING)));
        assertTrue(5 < cutting.struck());
    }

    @Test
    @Tag("OBJ-13")
    void shouldSayThatDataIsMissingWhenTheObjectIsGone() {
        SstHandle handle = tables.write(SstReaderTest.keys(0, 100));
        SstReader table = tables.open(handle);
        tables.store.delete(TablePaths.of("db").name(handle.id()));

        var failure =
                assertThrows(
                        CorruptData.class,
                        () -> SstReaderTest.found(table, SstReaderTest.key(5), 9));

        assertTrue(failure.getMessage().startsWith("DATA_MISSING"), failure.getMessage());
    }

    @Test
    @Tag("OBJ-12")
    void shouldRefuseAnotherTableOfTheSameShapeInItsPlace() {
        SstHandle handle = tables.write(SstReaderTest.keys(1000, 1100));
        SstHandle other = tables.write(SstReaderTest.keys(2000, 2100));
        ObjectStore store = tables.store;
        TablePaths paths = TablePaths.of("db");
        store.put(paths.name(handle.id()), List.of(store.get(paths.name(other.id()))));
        assertEquals(handle.properties().index(), other.properties().index());

        SstReader table = tables.open(handle);

        assertThrows(
                CorruptData.class, () -> SstReaderTest.found(table, SstReaderTest.key(1005), 9));
        assertThrows(
                CorruptData.class,
                () -> TestRow.drain(table.cursor(KeyRange.all(), Order.ASCENDING)));
    }

    @Test
    @Tag("OBJ-12")
    void shouldRefuseABlockOfAnotherTableThatBeginsOrEndsElsewhere() {
        List<TestRow> rows = SstReaderTest.keys(1000, 1004);
        assertRefusesBlocksOf(SstReaderTest.keys(2000, 2004), rows);
        var endsElsewhere = new ArrayList<>(rows.subList(0, 3));
        endsElsewhere.add(SstReaderTest.keys(1009, 1010).getFirst());
        assertRefusesBlocksOf(endsElsewhere, rows);
    }

    private void assertRefusesBlocksOf(List<TestRow> others, List<TestRow> rows) {
        SstHandle handle = tables.write(rows);
        SstHandle other = tables.write(others);
        int blocks = (int) handle.properties().filter().offset();
        assertEquals(handle.properties().index(), other.properties().index());
        TablePaths paths = TablePaths.of("db");
        Bytes own = tables.store.get(paths.name(handle.id()));
        Bytes foreign = tables.store.get(paths.name(other.id())).slice(0, blocks);
        tables.store.put(
                paths.name(handle.id()), List.of(foreign, own.slice(blocks, own.length())));

        SstReader table = tables.open(handle);

        assertThrows(
                CorruptData.class, () -> SstReaderTest.found(table, SstReaderTest.key(1003), 9));
        assertThrows(
                CorruptData.class,
                () -> TestRow.drain(table.cursor(KeyRange.all(), Order.ASCENDING)));
    }

    @Test
    void shouldRefuseAnObjectOfAnotherLength() {
        SstHandle handle = tables.write(SstReaderTest.keys(0, 100));
        String name = TablePaths.of("db").name(handle.id());
        Bytes whole = tables.store.get(name);
        int length = whole.length();
        for (int cut = 0; cut < length; cut++) {
            tables.store.put(name, List.of(whole.slice(0, cut)));
            assertRefused(handle);
        }
        tables.store.put(name, List.of(whole, Bytes.wrap(new byte[1])));
        assertRefused(handle);
        tables.store.put(name, List.of(whole, Bytes.wrap(new byte[2 << 20])));
        assertRefused(handle);
    }

    private void assertRefused(SstHandle handle) {
        SstReader table = tables.open(handle);
        assertThrows(CorruptData.class, () -> SstReaderTest.found(table, SstReaderTest.key(5), 9));
    }

    @Test
    void shouldBeUnavailableWhenTheStoreDoesNotAnswer() {
        SstHandle handle = tables.write(SstReaderTest.keys(0, 100));
        var dead = new FaultStore(tables.store, _ -> new Fault.FailBefore(), Env.system());

        SstReader table = tables.open(dead, handle, null);

        assertThrows(Unavailable.class, () -> SstReaderTest.found(table, SstReaderTest.key(5), 9));
    }

    @Test
    void shouldPutTheSameTableAgainWhenTheReplyWasLost() {
        var lossy =
                new FaultStore(
                        tables.store,
                        call -> call.number() < 2 ? new Fault.LostReply() : new Fault.None(),
                        Env.system());
        var writer =
                new SstWriter(
                        lossy,
                        TablePaths.of("db"),
                        SstSettings.defaults(),
                        Sealing.none(Env.system()),
                        Env.system());
        List<TestRow> rows = SstReaderTest.keys(0, 10);

        SstHandle handle =
                writer.write(Ulid.next(Env.system()), new RowList(rows, Order.ASCENDING))
                        .position();

        SstReader table = tables.open(handle);
        assertEquals(rows, TestRow.drain(table.cursor(KeyRange.all(), Order.ASCENDING)));
    }

    @Test
    void shouldGiveUpAfterAFewLostReplies() {
        var lossy = new FaultStore(tables.store, _ -> new Fault.LostReply(), Env.system());
        var writer =
                new SstWriter(
                        lossy,
                        TablePaths.of("db"),
                        SstSettings.defaults(),
                        Sealing.none(Env.system()),
                        Env.system());

        assertThrows(
                StorageException.Unavailable.class,
                () ->
                        writer.write(
                                Ulid.next(Env.system()),
                                new RowList(SstReaderTest.keys(0, 10), Order.ASCENDING)));
        assertEquals(4, lossy.calls());
    }

    @Test
    void shouldKeepTheFirstOfRowsWithOneKeyAndSequenceNumber() {
        List<TestRow> rows =
                List.of(
                        TestRow.put("a", 2, "kept"),
                        TestRow.put("a", 2, "dropped"),
                        TestRow.put("a", 1, "older"));

        SstReader table = tables.table(rows);

        assertEquals(
                List.of(rows.get(0), rows.get(2)),
                TestRow.drain(table.cursor(KeyRange.all(), Order.ASCENDING)));
    }
}
