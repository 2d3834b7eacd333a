package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.FlushedRows;
import dev.holdfast.engine.table.TablesAtHand;
import dev.holdfast.format.local.TableRecord;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.sst.EncodedSst;
import dev.holdfast.format.sst.SstFooter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The tables that lie in the directory of the local log because the object store may not have them
/// yet: kept until a published manifest names them.
///
/// Invariants:
/// 1. A table counts once its file, its name and its record in the list are durable, in this order.
/// 2. Those that count follow on each other, and the oldest on what the published manifest has.
///    Those of one memtable count together, or none of them does.
/// 3. A file goes only once a published manifest names its table, or once what is in it is known to
///    be in the log of this life.
/// 4. Nothing is served from a file, and nothing of it sent, that is not what was written.
///
/// Thread-safe, but for [#adopt], [#removeLeftovers] and [#keep], which are called by one thread at
/// a time.
public final class LocalTables implements TablesAtHand {
    private static final System.Logger LOG = System.getLogger(LocalTables.class.getName());

    /// Where a table may be found again that is damaged here.
    @FunctionalInterface
    public interface Elsewhere {
        /// The whole object of the table `id`; null if there is none. Throws `Unavailable` if the
        /// store does not say.
        @Nullable Bytes get(Ulid id);
    }

    private static final class Held {
        private final LocalTable table;
        private volatile boolean isInStore;
        private volatile boolean isDamaged;

        Held(LocalTable table) {
            this.table = table;
        }
    }

    private final Disk disk;
    private final SegmentNames names;
    private final Path directory;
    private final long epoch;
    private final Elsewhere elsewhere;
    private final TableListFile list;
    private final TableFiles files;
    private final ReentrantLock guard = new ReentrantLock(); // held for moments, never over I/O
    private final List<Held> held = new ArrayList<>(); // oldest first; guarded by `guard`
    private volatile @Nullable DiskException refusal;
    private Set<String> leftovers = Set.of();

    /// @param epoch of this writer
    public LocalTables(LocalHome home, long epoch, Elsewhere elsewhere) {
        disk = home.place().disk();
        directory = home.place().directory();
        names = new SegmentNames(directory);
        this.epoch = epoch;
        this.elsewhere = elsewhere;
        list = new TableListFile(disk, names, home.database());
        files = new TableFiles(disk, names);
    }

    /// Takes over what earlier lives left: the tables that follow, without a gap, on
    /// `publishedSeq`, the last commit that the published manifest has in tables. Oldest first.
    /// What is damaged and not to be had elsewhere ends them: the log has it, and all behind it.
    public List<LocalTable> adopt(long publishedSeq) {
        try {
            var found = new HashSet<String>();
            disk.list(
                    directory,
                    name -> {
                        if (SegmentNames.isTable(name)) found.add(name);
                    });
            List<TableRecord> records = list.read();
            long end = publishedSeq;
            for (int at = 0; at < records.size(); at++) {
                TableRecord record = records.get(at);
                if (record.lastSeq() <= end) continue;
                List<LocalTable> all =
                        record.seqBefore() == end ? soundFrom(records, at) : List.of();
                if (all.isEmpty()) break;
                for (LocalTable table : all) {
                    hold(table);
                    found.remove(String.valueOf(names.table(table.id()).getFileName()));
                }
                end = record.lastSeq();
            }
            leftovers = found;
            return tables();
        } catch (DiskException failure) {
            throw LocalHome.unavailable(directory, failure);
        }
    }

    // All of one memtable, from its first record on; nothing if one is missing.
    private List<LocalTable> soundFrom(List<TableRecord> records, int first) throws DiskException {
        TableRecord begun = records.get(first);
        int end = first + 1 + begun.following();
        var all = new ArrayList<LocalTable>();
        for (int at = first; at < end; at++) {
            boolean isThere =
                    at < records.size()
                            && records.get(at).isBeside(begun)
                            && records.get(at).following() == end - at - 1;
            LocalTable table = isThere ? sound(records.get(at)) : null;
            if (table == null) return List.of();
            all.add(table);
        }
        return all;
    }

    private @Nullable LocalTable sound(TableRecord record) throws DiskException {
        SstHandle handle = files.handle(record);
        if (handle == null && isHealed(record)) handle = files.handle(record);
        if (handle != null) return new LocalTable(record, handle);
        LOG.log(
                System.Logger.Level.WARNING,
                "a local table is damaged or missing, its commits are taken from the log."
                        + " table=`{0}`, commits after=`{1}`, up to=`{2}`",
                record.id(),
                record.seqBefore(),
                record.lastSeq());
        return null;
    }

    private void hold(LocalTable table) {
        guard.lock();
        try {
            held.add(new Held(table));
        } finally {
            guard.unlock();
        }
    }

    /// Removes what counts for nothing any more, once the log of this life has what was in it.
    public void removeLeftovers() {
        try {
            for (String name : leftovers) disk.delete(names.at(name));
            leftovers = Set.of();
        } catch (DiskException failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "old local tables not removed: {0}",
                    failure.getMessage());
        }
    }

    /// A table as it will lie here.
    public record Made(Ulid id, EncodedSst sst) {}

    /// Makes tables of one memtable's `rows` durable here, in key order. `seqBefore` is the last
    /// commit before those in it. Nothing counts if this throws; the same can be tried again.
    public List<LocalTable> keep(List<Made> made, long seqBefore, FlushedRows rows)
            throws DiskException {
        var records = new ArrayList<TableRecord>();
        for (Made each : made)
            records.add(recordOf(each, seqBefore, rows, made.size() - records.size() - 1));
        write(made, records);
        var tables = new ArrayList<LocalTable>();
        for (int i = 0; i < made.size(); i++) {
            Made each = made.get(i);
            var handle = new SstHandle(each.id, each.sst.properties(), SstFooter.VERSION_WRITTEN);
            tables.add(new LocalTable(records.get(i), handle));
        }
        tables.forEach(this::hold);
        return tables;
    }

    private TableRecord recordOf(Made made, long seqBefore, FlushedRows rows, int following) {
        return new TableRecord(
                made.id,
                epoch,
                made.sst.size(),
                TableRecord.checksumOf(made.sst.chunks()),
                seqBefore,
                rows.lastSeq(),
                rows.lastTickMillis(),
                rows.snapshotMinSeq(),
                rows.flushedAtMillis(),
                following);
    }

    private void write(List<Made> made, List<TableRecord> records) throws DiskException {
        try {
            for (Made each : made) files.write(each.id, each.sst.chunks());
            list.add(tables().stream().map(LocalTable::record).toList(), records);
            refusal = null;
        } catch (DiskException refused) {
            if (refusal == null)
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the local disk takes no table: memtables stay in memory, or go to the"
                                + " object store: {0}",
                        refused.getMessage());
            refusal = refused;
            throw refused;
        }
    }

    /// Why the disk took no table when one was last offered; null if it did.
    public @Nullable DiskException refusal() {
        return refusal;
    }

    /// What to throw where the disk's failure ends a call.
    public Unavailable unavailable(DiskException failure) {
        return LocalHome.unavailable(directory, failure);
    }

    /// What has to be sent of `table`, whole and as it was written. Throws `Unavailable` if the
    /// disk does not give it, `CorruptData` if it is damaged and not to be had elsewhere.
    public List<Bytes> content(LocalTable table) {
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                List<Bytes> content = files.content(table.record());
                if (content != null) return content;
            } catch (DiskException failure) {
                throw LocalHome.unavailable(directory, failure);
            }
            doubt(table.id());
        }
        throw damaged(table);
    }

    /// The object store has the object of `table`, though no manifest names it yet.
    public void stored(LocalTable table) {
        Held known = find(table.id());
        if (known != null) known.isInStore = true;
    }

    /// A published manifest names these: their files go.
    public void release(Collection<LocalTable> published) {
        guard.lock();
        try {
            held.removeIf(each -> published.contains(each.table));
        } finally {
            guard.unlock();
        }
        for (LocalTable table : published) {
            try {
                disk.delete(names.table(table.id()));
            } catch (DiskException failure) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "local table not removed, the next opening does it: {0}",
                        failure.getMessage());
            }
        }
    }

    @Override
    public @Nullable Bytes read(Ulid id, long offset, int length) {
        Held known = find(id);
        if (known == null) return null;
        Bytes found = known.isDamaged ? null : readOf(known, offset, length);
        if (found != null || find(id) == null || known.isInStore) return found;
        // Gone, or cut short.
        doubt(id);
        if (known.isDamaged) throw damaged(known.table);
        return readOf(known, offset, length);
    }

    private @Nullable Bytes readOf(Held known, long offset, int length) {
        Ulid id = known.table.id();
        try {
            return files.read(id, offset, length);
        } catch (DiskException.Absent _) {
            return null;
        } catch (DiskException failure) {
            if (known.isInStore || find(id) == null) return null;
            throw LocalHome.unavailable(directory, failure);
        }
    }

    @Override
    public long size(Ulid id) {
        Held known = find(id);
        return known == null ? -1 : known.table.sizeBytes();
    }

    @Override
    public void doubt(Ulid id) {
        Held known = find(id);
        if (known == null) return;
        TableRecord record = known.table.record();
        try {
            if (files.isSound(record)) return;
            boolean isHealed = isHealed(record);
            boolean isReleased = find(id) == null;
            if (isReleased) disk.delete(names.table(id)); // it was, before it got its name again
            known.isDamaged = !isHealed && !isReleased;
            if (!isHealed)
                LOG.log(
                        System.Logger.Level.ERROR,
                        "a local table is damaged: opening the database again makes it anew from"
                                + " the log. table=`{0}`",
                        id);
        } catch (DiskException failure) {
            throw LocalHome.unavailable(directory, failure);
        }
    }

    // The object may be there though no manifest names it yet.
    private boolean isHealed(TableRecord record) throws DiskException {
        Bytes there = elsewhere.get(record.id());
        if (there == null || there.length() != record.size()) return false;
        if (TableRecord.checksumOf(List.of(there)) != record.checksum()) return false;
        files.write(record.id(), List.of(there));
        LOG.log(
                System.Logger.Level.WARNING,
                "a local table was damaged and is healed from the object store. table=`{0}`",
                record.id());
        return true;
    }

    private CorruptData damaged(LocalTable table) {
        return new CorruptData(
                "a local table is damaged, and the object store does not have it. file=`%s`"
                        .formatted(names.table(table.id())),
                null);
    }

    private @Nullable Held find(Ulid id) {
        guard.lock();
        try {
            for (Held each : held) if (each.table.id().equals(id)) return each;
            return null;
        } finally {
            guard.unlock();
        }
    }

    /// Those that count, oldest first.
    public List<LocalTable> tables() {
        guard.lock();
        try {
            return held.stream().map(each -> each.table).toList();
        } finally {
            guard.unlock();
        }
    }

    /// The epoch of this writer.
    long epoch() {
        return epoch;
    }

    /// How many bytes their files take.
    public long pinnedBytes() {
        long bytes = 0;
        for (LocalTable table : tables()) bytes += table.sizeBytes();
        return bytes;
    }
}
