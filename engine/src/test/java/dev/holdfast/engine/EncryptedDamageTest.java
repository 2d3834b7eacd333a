package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.format.sst.SstDecoder;
import dev.holdfast.format.sst.SstFooter;
import dev.holdfast.format.sst.SstIndex;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Encrypted tables and logs that somebody with the bucket, but not the key, has changed: every
/// checksum is right, and nothing of it is believed.
@Timeout(60)
class EncryptedDamageTest {
    private static final KeyRing KEYS = KeyRing.of(1, EncryptionTest.key(1));

    private final MemoryStore store = new MemoryStore();

    private static Settings settings() {
        return Settings.defaults()
                .but()
                .untended()
                .flushInterval(Duration.ofMinutes(10))
                .blockSize(ByteSize.bytes(256))
                .keys(KEYS)
                .build();
    }

    // Two tables whose blocks have equal lengths, and two objects of the log.
    @BeforeEach
    void fill() {
        try (HoldfastDb db = Engine.builder(store, "db").settings(settings()).open()) {
            for (int table = 0; table < 2; table++) {
                var batch = new WriteBatch();
                for (int row = 0; row < 200; row++)
                    batch.put(Bytes.utf8("%03d-%d".formatted(row, table)), Bytes.utf8("v" + table));
                db.write(batch, Durability.REMOTE);
                db.flushMemtables();
            }
            for (int log = 0; log < 2; log++)
                db.write(
                        new WriteBatch().put(Bytes.utf8("log" + log), Bytes.utf8("v")),
                        Durability.REMOTE);
        }
    }

    // The two large ones: the rows of the log have become a small one at the close.
    private List<String> tables() {
        return store.list("db/compacted/", null, 100).stream()
                .sorted(Comparator.comparingLong(ObjectMeta::size).reversed())
                .limit(2)
                .map(ObjectMeta::name)
                .toList();
    }

    private void readAll() {
        try (var db = Engine.builder(store, "db").settings(settings()).openReader();
                Scan scan = db.scan(KeyRange.all())) {
            while (scan.next()) assertTrue(0 < scan.value().length());
        }
    }

    private record Parts(SstProperties properties, SstIndex index) {
        int start(int block) {
            return (int) index.blockOffset(block);
        }

        int length(int block) {
            return index.blockLength(block);
        }
    }

    private Parts partsOf(String name) {
        Bytes file = store.get(name);
        SstFooter footer = SstDecoder.footer(file, file.length());
        Bytes stored = file.slice((int) footer.propertiesOffset(), file.length() - SstFooter.BYTES);
        SstProperties properties = SstDecoder.properties(stored, footer);
        Bytes index = file.slice((int) properties.index().offset(), (int) properties.index().end());
        var id =
                dev.holdfast.base.Ulid.parse(
                        name.substring(name.length() - 30).replace(".sst", ""));
        return new Parts(
                properties, SstDecoder.index(index, properties, new StoredSeals(KEYS).table(id)));
    }

    private void put(String name, byte[] content) {
        store.put(name, List.of(Bytes.wrap(content)));
    }

    private void assertRefused() {
        assertThrows(CorruptData.class, this::readAll);
        var report = Engine.builder(store, "db").settings(settings()).fsck();
        assertEquals(false, report.isSound());
    }

    @Test
    void shouldReadWhatNobodyChanged() {
        readAll();
    }

    @Test
    void shouldRefuseBlocksThatChangedPlaces() {
        String name = tables().getFirst();
        Parts parts = partsOf(name);
        byte[] file = store.get(name).toArray();
        var byLength = new TreeMap<Integer, Integer>();
        int one = -1;
        int other = -1;
        for (int block = 0; block < parts.index.blockCount() && other < 0; block++) {
            Integer before = byLength.put(parts.length(block), block);
            if (before == null) continue;
            one = before;
            other = block;
        }
        assertTrue(0 <= other, "no two blocks of one length");
        byte[] swapped = file.clone();
        System.arraycopy(file, parts.start(one), swapped, parts.start(other), parts.length(one));
        System.arraycopy(file, parts.start(other), swapped, parts.start(one), parts.length(one));
        put(name, swapped);

        assertRefused();
    }

    @Test
    void shouldRefuseABlockWithAChangedByteAndARightChecksum() {
        String name = tables().getFirst();
        Parts parts = partsOf(name);
        byte[] file = store.get(name).toArray();
        int start = parts.start(1);
        int end = start + parts.length(1) - Integer.BYTES;
        file[end - 20] ^= 1;
        var crc = new CRC32();
        crc.update(file, start, end - start);
        for (int i = 0; i < Integer.BYTES; i++)
            file[end + i] = (byte) (crc.getValue() >>> 8 * (3 - i));
        put(name, file);

        assertRefused();
    }

    @Test
    void shouldRefuseTheBlockOfAnotherTable() {
        String name = tables().getFirst();
        String other = tables().get(1);
        Parts parts = partsOf(name);
        Parts foreign = partsOf(other);
        assertEquals(parts.start(1), foreign.start(1));
        assertEquals(parts.length(1), foreign.length(1));
        byte[] file = store.get(name).toArray();
        byte[] from = store.get(other).toArray();
        System.arraycopy(from, parts.start(1), file, parts.start(1), parts.length(1));
        put(name, file);

        assertRefused();
    }

    @Test
    void shouldRefuseTablesThatChangedPlacesAndThoseThatWereCut() {
        String one = tables().getFirst();
        String other = tables().get(1);
        Map<String, byte[]> before =
                Map.of(one, store.get(one).toArray(), other, store.get(other).toArray());
        put(one, before.get(other));
        put(other, before.get(one));
        assertRefused();

        put(other, before.get(other));
        byte[] whole = before.get(one);
        put(one, java.util.Arrays.copyOf(whole, whole.length - 100));
        assertRefused();
    }

    @Test
    void shouldRefuseObjectsOfTheLogThatChangedPlaces() {
        // a fresh database, so that both objects are still read
        var settings = settings();
        try (HoldfastDb db = Engine.builder(store, "log").settings(settings).open()) {
            for (int i = 0; i < 2; i++)
                db.write(
                        new WriteBatch().put(Bytes.utf8("k" + i), Bytes.utf8("v")),
                        Durability.REMOTE);
            db.shutdown(dev.holdfast.lifecycle.Mode.IMMEDIATE, Duration.ofSeconds(1));
        }
        List<ObjectMeta> logs =
                store.list("log/wal/", null, 100).stream()
                        .filter(each -> 120 < each.size())
                        .toList();
        assertEquals(2, logs.size());
        String one = logs.getFirst().name();
        String other = logs.getLast().name();
        byte[] first = store.get(one).toArray();
        put(one, store.get(other).toArray());
        put(other, first);

        assertThrows(
                StorageException.class,
                () -> Engine.builder(store, "log").settings(settings).open().close());
    }
}
