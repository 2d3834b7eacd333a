package dev.holdfast.objectstore.cached;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.golden.OnceWritten;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import dev.holdfast.objectstore.cached.Part.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The index of a disk cache and the head of a slot as they were once written. A cache may be
/// thrown away; that it need not be after an upgrade is what this shows.
class CacheGoldenTest {
    private static final int PART = 16 << 10;
    private static final String OBJECT = "s3://bucket/db/compacted/01KB0000000000000000000001.sst";

    @TempDir private Path directory;

    private DiskCacheSettings settings() {
        return new DiskCacheSettings(
                directory, ByteSize.mebibytes(1), ByteSize.bytes(PART), ByteSize.bytes(0));
    }

    private static List<SlotRecord> records() {
        ObjectKey object = ObjectKey.of(OBJECT);
        return List.of(
                new SlotRecord(0, new PartKey(object, 0), PART, Place.INDEX, 3, 11),
                new SlotRecord(2, new PartKey(object, 1), PART, Place.MAIN, 1, 12),
                new SlotRecord(3, new PartKey(object, 2), 777, Place.SMALL, 0, 13));
    }

    @Test
    void shouldKeepTheIndex() throws Exception {
        SlotLayout layout = SlotLayout.of(settings());
        try (SlotIndex index = SlotIndex.open(layout, Disk.system())) {
            index.setAll(records(), 4);
        }
        Bytes written = Bytes.wrap(Files.readAllBytes(layout.index()));
        OnceWritten.requireSame("cache/INDEX", written);

        Files.write(layout.index(), OnceWritten.read("cache/INDEX").toArray());
        assertEquals(layout.capacity(), SlotIndex.capacityOf(layout, Disk.system()));
        try (SlotIndex index = SlotIndex.open(layout, Disk.system())) {
            List<SlotRecord> read = index.load(4);
            read.sort(Comparator.comparingInt(SlotRecord::slot));
            assertEquals(records(), read);
        }
    }

    @Test
    void shouldKeepTheHeadsOfSlots() {
        byte[] content = new byte[5000];
        for (int i = 0; i < content.length; i++) content[i] = (byte) (i * 31);
        PartHeader header = PartHeader.over(OBJECT, 2, PART, Bytes.wrap(content));
        assertNotNull(header);
        OnceWritten.requireSame("cache/slot-head", header.encode());

        byte[] stored = OnceWritten.read("cache/slot-head").toArray();
        PartHeader read = PartHeader.decode(stored, OBJECT, 2, PART);
        assertNotNull(read);
        assertEquals(content.length, read.length());
        assertArrayEquals(header.checksums(), read.checksums());
    }
}
