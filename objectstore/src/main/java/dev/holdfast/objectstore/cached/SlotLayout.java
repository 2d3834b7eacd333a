package dev.holdfast.objectstore.cached;

import dev.holdfast.objectstore.api.DiskCacheSettings;
import java.nio.file.Path;

/// How slots lie in the files of a cache.
///
/// @param directory of the cache
/// @param partBytes how much content a slot takes
/// @param capacity how many slots there may be, so that all files stay within the size
/// @param slabSlots how many of them one file holds
record SlotLayout(Path directory, int partBytes, int capacity, int slabSlots) {
    static final String LOCK = "LOCK";
    static final String INDEX = "INDEX";
    static final String SLAB = "slab-";

    /// What files take besides slots and their records: the index's head, the lock.
    private static final int REST_BYTES = SlotIndex.HEAD_BYTES + 4096;

    private static final int SLABS_MAX = 256; // all of them are held open
    private static final int SLAB_SLOTS = 1024;
    private static final int LARGE_SLAB_SLOTS = 64 * SLAB_SLOTS;

    static SlotLayout of(DiskCacheSettings settings) {
        int part = (int) settings.part().bytes();
        long each = PartHeader.BYTES + part + (long) SlotRecord.BYTES;
        long slots = Math.max(0, settings.size().bytes() - REST_BYTES) / each;
        int capacity = (int) Math.min(slots, (long) SLABS_MAX * LARGE_SLAB_SLOTS);
        int slab = capacity <= SLABS_MAX * SLAB_SLOTS ? SLAB_SLOTS : LARGE_SLAB_SLOTS;
        return new SlotLayout(settings.directory(), part, capacity, slab);
    }

    long slotBytes() {
        return (long) PartHeader.BYTES + partBytes;
    }

    int slabs() {
        return (capacity + slabSlots - 1) / slabSlots;
    }

    /// The file that holds the slot.
    int slabOf(int slot) {
        return slot / slabSlots;
    }

    /// Where in its file the slot begins.
    long positionOf(int slot) {
        return slot % slabSlots * slotBytes();
    }

    Path slab(int number) {
        return directory.resolve(SLAB + number);
    }

    Path lock() {
        return directory.resolve(LOCK);
    }

    Path index() {
        return directory.resolve(INDEX);
    }

    /// What `slots` slots that were written take at most, with all that belongs to them.
    long bytes(int slots) {
        return slots * (slotBytes() + SlotRecord.BYTES) + (slots == 0 ? 0 : SlotIndex.HEAD_BYTES);
    }
}
