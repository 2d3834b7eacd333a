package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.OpenMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The few large files that hold the slots. A slot takes its room on the disk when it is first
/// written, whole, and keeps it: writing it again takes none. Nothing is forced. Thread-safe.
final class Slabs implements AutoCloseable {
    private final SlotLayout layout;
    private final Disk disk;
    private final AtomicReferenceArray<@Nullable DiskFile> files;

    Slabs(SlotLayout layout, Disk disk) {
        this.layout = layout;
        this.disk = disk;
        files = new AtomicReferenceArray<>(layout.slabs());
    }

    /// How many slots from the first on are there on the disk, the last of them perhaps in part.
    int written() throws DiskException {
        int written = 0;
        for (int slab = 0; slab < layout.slabs(); slab++) {
            DiskEntry entry = disk.look(layout.slab(slab));
            if (entry == null || !entry.isFile() || entry.size() == 0) continue;
            long slots = (entry.size() + layout.slotBytes() - 1) / layout.slotBytes();
            written = slab * layout.slabSlots() + (int) Math.min(slots, layout.slabSlots());
        }
        return Math.min(written, layout.capacity());
    }

    /// Takes away what lies beyond the last slot, of a cache that had `before` slots at most.
    void shrinkFrom(int before) throws DiskException {
        for (int slab = layout.slabs(); slab <= layout.slabOf(before); slab++)
            disk.delete(layout.slab(slab));
        int rest = layout.capacity() % layout.slabSlots();
        if (rest == 0 || disk.look(layout.slab(layout.slabs() - 1)) == null) return;
        try (DiskFile last = disk.open(layout.slab(layout.slabs() - 1), OpenMode.WRITE)) {
            last.truncate(rest * layout.slotBytes());
        }
    }

    /// What stands in the slot at `from`; null if the file ends before that.
    byte @Nullable [] read(int slot, long from, int length) throws DiskException {
        byte[] bytes = new byte[length];
        int read = file(slot).read(ByteBuffer.wrap(bytes), layout.positionOf(slot) + from);
        return read == length ? bytes : null;
    }

    /// Fills the slot with a part. A bare slot is filled up, so that all of its room is taken.
    void write(int slot, PartHeader header, Bytes content, int fill) throws DiskException {
        List<Bytes> all = new ArrayList<>(List.of(header.encode(), content));
        if (0 < fill) all.add(Bytes.wrap(new byte[fill]));
        file(slot).write(all, layout.positionOf(slot));
    }

    private DiskFile file(int slot) throws DiskException {
        int slab = layout.slabOf(slot);
        DiskFile open = files.get(slab);
        if (open != null) return open;
        DiskFile opened = disk.open(layout.slab(slab), OpenMode.CREATE);
        DiskFile before = files.compareAndExchange(slab, null, opened);
        if (before == null) return opened;
        opened.close();
        return before;
    }

    @Override
    public void close() throws DiskException {
        DiskException failure = null;
        for (int i = 0; i < files.length(); i++) {
            DiskFile file = files.get(i);
            try {
                if (file != null) file.close();
            } catch (DiskException failed) {
                failure = failed;
            }
        }
        if (failure != null) throw failure;
    }
}
