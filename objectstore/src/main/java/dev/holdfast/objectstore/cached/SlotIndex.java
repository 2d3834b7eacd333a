package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.OpenMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// The file that says which part each slot has: a record a slot, in place. It is never forced: what
/// is stale in it shows when the slot is read, and what is damaged counts as free.
///
/// Its head says how the slots lie; with another head, all of the files count for nothing.
final class SlotIndex implements AutoCloseable {
    static final int HEAD_BYTES = 4096;

    private static final long MAGIC = 0x484F_4C44_494E_4458L; // HOLDINDX
    private static final int HEAD_FIELDS_BYTES = 8 + 4 + 4 + 4 + 4;
    private static final int RECORDS_AT_ONCE = 1 << 14;

    private final SlotLayout layout;
    private final DiskFile file;

    private SlotIndex(SlotLayout layout, DiskFile file) {
        this.layout = layout;
        this.file = file;
    }

    /// The capacity that the index was last written with, or -1 if there is none for these slots.
    static int capacityOf(SlotLayout layout, Disk disk) throws DiskException {
        byte[] head = new byte[HEAD_FIELDS_BYTES];
        try (DiskFile file = disk.open(layout.index(), OpenMode.READ)) {
            if (file.read(ByteBuffer.wrap(head), 0) != head.length) return -1;
        } catch (DiskException.Absent none) {
            return -1;
        }
        int capacity = ByteBuffer.wrap(head).getInt(20);
        return Bytes.wrap(head).equals(head(layout, capacity)) ? capacity : -1;
    }

    private static Bytes head(SlotLayout layout, int capacity) {
        byte[] head = new byte[HEAD_FIELDS_BYTES];
        var out = ByteBuffer.wrap(head).putLong(MAGIC).putInt(0);
        out.putInt(layout.partBytes()).putInt(layout.slabSlots()).putInt(capacity);
        var crc = new CRC32C();
        crc.update(head, 12, head.length - 12);
        out.putInt(8, (int) crc.getValue());
        return Bytes.wrap(head);
    }

    /// Opens it, for slots that lie as `layout` says.
    static SlotIndex open(SlotLayout layout, Disk disk) throws DiskException {
        var index = new SlotIndex(layout, disk.open(layout.index(), OpenMode.CREATE));
        boolean isOpen = false;
        try {
            index.file.truncate(position(layout.capacity()));
            index.file.write(List.of(head(layout, layout.capacity())), 0);
            isOpen = true;
            return index;
        } finally {
            if (!isOpen) index.file.close();
        }
    }

    private static long position(int slot) {
        return HEAD_BYTES + (long) slot * SlotRecord.BYTES;
    }

    /// The records of the first `slots` slots.
    List<SlotRecord> load(int slots) throws DiskException {
        List<SlotRecord> records = new ArrayList<>();
        for (int first = 0; first < slots; first += RECORDS_AT_ONCE) {
            int count = Math.min(RECORDS_AT_ONCE, slots - first);
            var buffer = ByteBuffer.allocate(count * SlotRecord.BYTES);
            int length = file.read(buffer, position(first));
            buffer.rewind();
            for (int i = 0; i < length / SlotRecord.BYTES; i++) {
                SlotRecord record = SlotRecord.decode(first + i, buffer);
                if (record != null) records.add(record);
            }
        }
        return records;
    }

    /// From now on the slot has that part.
    void set(SlotRecord record) throws DiskException {
        var buffer = ByteBuffer.allocate(SlotRecord.BYTES);
        record.encode(buffer);
        file.write(List.of(Bytes.wrap(buffer.array())), position(record.slot()));
    }

    /// From now on the slot is free.
    void clear(int slot) throws DiskException {
        file.write(List.of(Bytes.wrap(new byte[SlotRecord.BYTES])), position(slot));
    }

    /// Of the first `slots` slots these have parts, and no others.
    void setAll(List<SlotRecord> records, int slots) throws DiskException {
        SlotRecord[] bySlot = new SlotRecord[slots];
        for (SlotRecord record : records) if (record.slot() < slots) bySlot[record.slot()] = record;
        for (int first = 0; first < slots; first += RECORDS_AT_ONCE) {
            int count = Math.min(RECORDS_AT_ONCE, slots - first);
            var buffer = ByteBuffer.allocate(count * SlotRecord.BYTES);
            for (int i = 0; i < count; i++) {
                SlotRecord record = bySlot[first + i];
                buffer.position(i * SlotRecord.BYTES);
                if (record != null) record.encode(buffer);
            }
            file.write(List.of(Bytes.wrap(buffer.array())), position(first));
        }
    }

    @Override
    public void close() throws DiskException {
        file.close();
    }
}
