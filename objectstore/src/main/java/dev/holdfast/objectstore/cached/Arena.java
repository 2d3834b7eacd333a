package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskLock;
import dev.holdfast.base.file.LockAttempt;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The directory of a disk cache, held by this process alone: slabs of slots, an index of them, and
/// in memory the table of parts.
///
/// Invariant: what [#read] returns was written as that very part: its slot says so, and each chunk
/// is proved by its checksum. So the index may say what it likes.
///
/// Thread-safe. Its failures are the caller's to handle.
final class Arena implements AutoCloseable {
    private static final int NAMES_MAX = 10_000; // taken away in one round
    private static final String OLD_FRESH = "fresh-";
    private static final int OLD_NAME_LENGTH = 32;

    private final SlotLayout layout;
    private final DiskCacheSettings settings;
    private final Disk disk;
    private final DiskLock lock;
    private final Slabs slabs;
    private final SlotIndex index;
    private final PartTable table;

    private Arena(
            DiskCacheSettings settings, Disk disk, DiskLock lock, SlotIndex index, Slabs slabs)
            throws DiskException {
        this.settings = settings;
        this.disk = disk;
        this.lock = lock;
        this.index = index;
        this.slabs = slabs;
        layout = SlotLayout.of(settings);
        int written = slabs.written();
        table = new PartTable(layout.capacity(), written);
        List<SlotRecord> records = index.load(written);
        records.removeIf(record -> layout.partBytes() < record.length());
        records.sort(Comparator.comparingLong(SlotRecord::order));
        List<Part> parts = new ArrayList<>(records.size());
        for (SlotRecord record : records) parts.add(record.part());
        table.restore(parts);
    }

    /// Opens the directory, which is made if need be. What is there and does not belong is taken
    /// away. [DiskException.Refused] if another process has it.
    static Arena open(DiskCacheSettings settings, Disk disk) throws DiskException {
        SlotLayout layout = SlotLayout.of(settings);
        if (disk.look(layout.directory()) == null) makeDirectories(disk, layout.directory());
        DiskLock lock =
                switch (disk.tryLock(layout.lock(), "holdfast disk cache")) {
                    case LockAttempt.Taken(DiskLock taken) -> taken;
                    case LockAttempt.Held(String holder) ->
                            throw new DiskException.Refused(
                                    "cache directory in use: " + holder, null);
                };
        SlotIndex index = null;
        Arena arena = null;
        try {
            var slabs = new Slabs(layout, disk);
            int before = SlotIndex.capacityOf(layout, disk);
            if (before < 0) clear(disk, layout.directory());
            if (layout.capacity() < before) slabs.shrinkFrom(before);
            index = SlotIndex.open(layout, disk);
            arena = new Arena(settings, disk, lock, index, slabs);
            return arena;
        } finally {
            if (arena == null) closeAll(index, lock);
        }
    }

    private static void closeAll(@Nullable SlotIndex index, DiskLock lock) throws DiskException {
        try {
            if (index != null) index.close();
        } finally {
            lock.close();
        }
    }

    private static void makeDirectories(Disk disk, Path directory) throws DiskException {
        Path above = directory.getParent();
        if (above != null && disk.look(above) == null) makeDirectories(disk, above);
        disk.createDirectory(directory);
    }

    // Only names that are ours, of this layout or of the earlier one with a file a part.
    private static void clear(Disk disk, Path directory) throws DiskException {
        List<String> names = new ArrayList<>();
        do {
            names.clear();
            disk.list(
                    directory,
                    name -> {
                        if (isOurs(name) && names.size() < NAMES_MAX) names.add(name);
                    });
            names.sort(null);
            for (String name : names) {
                DiskEntry entry = disk.look(directory.resolve(name));
                if (entry == null || !entry.isFile())
                    throw new DiskException.Refused("no file of a cache: " + name, null);
                disk.delete(directory.resolve(name));
            }
        } while (!names.isEmpty());
    }

    private static boolean isOurs(String name) {
        boolean isOldPart =
                name.length() == OLD_NAME_LENGTH
                        && name.chars().allMatch(c -> Character.digit(c, 16) != -1);
        return isOldPart
                || name.startsWith(OLD_FRESH)
                || name.startsWith(SlotLayout.SLAB)
                || name.equals(SlotLayout.INDEX);
    }

    int partBytes() {
        return layout.partBytes();
    }

    PartTable table() {
        return table;
    }

    /// A part's content from `from` on, at most `length` bytes of it, fewer where it ends. The part
    /// is pinned. Null if it is damaged.
    @Nullable Bytes read(Part part, String object, int from, int length) throws DiskException {
        int[] checksums = part.checksums;
        if (checksums == null) checksums = checksums(part, object);
        if (checksums == null) return null;
        int to = Math.min(part.length, from + length);
        if (to <= from) return Bytes.EMPTY;
        int first = from / PartHeader.CHUNK_BYTES;
        int start = first * PartHeader.CHUNK_BYTES;
        int chunks = (to - start + PartHeader.CHUNK_BYTES - 1) / PartHeader.CHUNK_BYTES;
        int end = Math.min(part.length, start + chunks * PartHeader.CHUNK_BYTES);
        byte[] bytes = slabs.read(part.slot, PartHeader.BYTES + (long) start, end - start);
        if (bytes == null || !PartHeader.fits(checksums, first, Bytes.wrap(bytes))) return null;
        return Bytes.wrap(bytes, from - start, to - from);
    }

    // Read once in the life of a process: after that, chunks are proved without it.
    private int @Nullable [] checksums(Part part, String object) throws DiskException {
        byte[] bytes = slabs.read(part.slot, 0, PartHeader.BYTES);
        if (bytes == null) return null;
        int number = part.key.number();
        PartHeader header = PartHeader.decode(bytes, object, number, layout.partBytes());
        if (header == null || header.length() != part.length) return null;
        part.checksums = header.checksums();
        return header.checksums();
    }

    /// Gives the part that is about to be fetched a slot. False if there is none: the disk is
    /// short, or all that is there is being read.
    boolean reserve(Part part) throws DiskException {
        long growthMax = 0;
        if (table.wouldGrow()) {
            long usable = disk.usableBytes(layout.directory()) - settings.spare().bytes();
            growthMax = Math.max(0, usable) / (layout.slotBytes() + SlotRecord.BYTES);
        }
        return table.reserve(part, growthMax);
    }

    /// Keeps `content` in the slot that was reserved for the part.
    void write(Part part, String object, Bytes content) throws DiskException {
        int number = part.key.number();
        PartHeader header = PartHeader.over(object, number, layout.partBytes(), content);
        if (header == null || content.isEmpty() || part.slot == Part.NO_SLOT) return;
        int fill = part.isSlotBare ? layout.partBytes() - content.length() : 0;
        slabs.write(part.slot, header, content, fill);
        int slot = part.slot;
        part.length = content.length();
        index.set(SlotRecord.of(part, Long.MAX_VALUE - 1));
        if (!table.present(part, content.length(), header.checksums())) index.clear(slot);
    }

    /// Drops what there is of the object.
    void forget(ObjectKey object) throws DiskException {
        for (int slot : table.forget(object)) index.clear(slot);
    }

    /// What its files take.
    long bytes() {
        return layout.bytes(table.written());
    }

    /// True if somebody has taken the directory away.
    boolean isGone() throws DiskException {
        return disk.look(layout.lock()) == null;
    }

    /// Leaves an index in the order in which the parts go, for the next process.
    void persist() throws DiskException {
        index.setAll(table.records(), table.written());
    }

    @Override
    public void close() throws DiskException {
        try {
            slabs.close();
        } finally {
            closeAll(index, lock);
        }
    }
}
