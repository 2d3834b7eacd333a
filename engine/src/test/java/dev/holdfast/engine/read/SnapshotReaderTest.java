package dev.holdfast.engine.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.filter.FilterChoice;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.fault.CountingStore;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Databases that SlateDB wrote, looked at without touching them.
class SnapshotReaderTest {
    private static final Path GOLDEN = Path.of("../format/src/test/resources/slatedb-0.12.1");

    private final CountingStore store = new CountingStore(new MemoryStore());

    private void load(String database) throws IOException {
        Path root = GOLDEN.resolve(database);
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                store.put(
                        "db/" + root.relativize(file).toString().replace('\\', '/'),
                        List.of(Bytes.wrap(Files.readAllBytes(file))));
        }
    }

    private static SnapshotReader open(ObjectStore store, @Nullable MergeOperator operator) {
        return SnapshotReader.open(
                store,
                "db",
                new StableView.Reading(Env.system(), operator),
                new SnapshotReader.Tables(
                        BlockCache.alone(ByteSize.mebibytes(1), Env.system()),
                        Sealing.none(Env.system()),
                        FilterChoice.USUAL));
    }

    private static TreeMap<String, String> all(SnapshotReader reader, Order order) {
        var rows = new TreeMap<String, String>();
        try (Scan scan = reader.scan(KeyRange.all(), order)) {
            while (scan.next()) rows.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        return rows;
    }

    @Test
    void shouldShowWhatSlateDbWroteAndMerged() throws IOException {
        load("basic");
        long puts = store.calls(Operation.PUT) + store.calls(Operation.PUT_IF_ABSENT);

        try (SnapshotReader reader = open(store, TestRow.CONCATENATE)) {
            var rows = all(reader, Order.ASCENDING);
            rows.remove("banana"); // expires an hour after it was written

            assertEquals("{after=flush, m=op1op2, zzz=2nd epoch}", rows.toString());
            assertEquals(Bytes.utf8("op1op2"), reader.get(Bytes.utf8("m")));
            assertNull(reader.get(Bytes.utf8("apple")));
            assertNull(reader.get(Bytes.utf8("banana")));
        }
        assertEquals(puts, store.calls(Operation.PUT) + store.calls(Operation.PUT_IF_ABSENT));
        assertEquals(0, store.calls(Operation.DELETE));
    }

    @Test
    void shouldRefuseMergedRowsWithoutAnOperator() throws IOException {
        load("basic");

        try (SnapshotReader reader = open(store, null)) {
            assertThrows(Invalid.class, () -> reader.get(Bytes.utf8("m")));
            assertEquals(Bytes.utf8("flush"), reader.get(Bytes.utf8("after")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "Snappy", "Zlib", "Lz4", "Zstd"})
    void shouldShowAllRowsInEveryCodec(String codec) throws IOException {
        load("codec-" + codec);
        var expected = new TreeMap<String, String>();
        for (int i = 0; i < 600; i++)
            for (int f = 0; f < 5; f++)
                expected.put("key%013d".formatted(i * 5 + f), "value-" + i + "-" + "x".repeat(40));

        try (SnapshotReader reader = open(store, null)) {
            assertEquals(expected, all(reader, Order.ASCENDING));
            assertEquals(expected, all(reader, Order.DESCENDING));
            for (String key : expected.keySet())
                assertEquals(Bytes.utf8(expected.get(key)), reader.get(Bytes.utf8(key)));
        }
    }

    @Test
    void shouldSayThatThereIsNoDatabase() {
        assertThrows(Invalid.class, () -> open(store, null));
    }
}
