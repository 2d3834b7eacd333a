package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.format.local.TableList;
import dev.holdfast.format.local.TableRecord;
import dev.holdfast.format.wire.FormatException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The file that says which tables on the local disk count.
///
/// Invariants:
/// 1. A record is appended only to a file whose bytes are all known to be durable and counted; else
///    the file is replaced as a whole.
/// 2. It holds at most [#DEAD_MAX] records of tables that count no more.
///
/// Not thread-safe: used by the opening, then by the flusher alone.
final class TableListFile {
    /// So many records that count no more are left in it.
    static final int DEAD_MAX = 1024;

    private static final int READS_MAX = 4;
    private static final long BYTES_MAX = 64L << 20;

    private final Disk disk;
    private final SegmentNames names;
    private final UUID database;
    private int records; // in the file
    private boolean isKnown; // what is in the file, and that all of it is durable

    TableListFile(Disk disk, SegmentNames names, UUID database) {
        this.disk = disk;
        this.names = names;
        this.database = database;
    }

    /// What an earlier life left. A disk may give a wrong sector once, so the longest of several
    /// readings counts.
    List<TableRecord> read() throws DiskException {
        Path path = names.at(SegmentNames.TABLES);
        if (disk.look(path) == null) return List.of();
        List<TableRecord> longest = List.of();
        for (int attempt = 0; attempt < READS_MAX; attempt++) {
            List<TableRecord> found = readOnce(path);
            if (longest.size() < found.size()) longest = found;
        }
        return longest;
    }

    // Without a head nothing of it counts: the log has all of it.
    private List<TableRecord> readOnce(Path path) throws DiskException {
        try (DiskFile file = disk.open(path, OpenMode.READ)) {
            var content = ByteBuffer.allocate((int) Math.min(file.size(), BYTES_MAX));
            int length = file.read(content, 0);
            TableList list = TableList.decode(Bytes.wrap(content.array(), 0, length));
            return list.database().equals(database) ? list.records() : List.of();
        } catch (FormatException _) {
            return List.of();
        }
    }

    /// Makes `added` count, behind `present`, all that count so far.
    void add(List<TableRecord> present, List<TableRecord> added) throws DiskException {
        if (isKnown && records - present.size() < DEAD_MAX) append(added);
        else replace(new ArrayList<>(present), added);
    }

    private void append(List<TableRecord> added) throws DiskException {
        isKnown = false;
        try (DiskFile file = disk.open(names.at(SegmentNames.TABLES), OpenMode.WRITE)) {
            file.write(added.stream().map(TableRecord::encode).toList(), sizeOf(records));
            file.force(Force.METADATA);
        }
        records += added.size();
        isKnown = true;
    }

    private void replace(List<TableRecord> all, List<TableRecord> added) throws DiskException {
        isKnown = false;
        all.addAll(added);
        Path next = names.at(SegmentNames.TABLES_NEXT);
        try (DiskFile file = disk.open(next, OpenMode.CREATE)) {
            file.truncate(0);
            file.write(new TableList(database, all).encode(), 0);
            file.force(Force.METADATA);
        }
        disk.rename(next, names.at(SegmentNames.TABLES));
        disk.forceDirectory(names.directory());
        records = all.size();
        isKnown = true;
    }

    private static long sizeOf(int records) {
        return TableList.HEAD_BYTES + (long) records * TableRecord.BYTES;
    }
}
