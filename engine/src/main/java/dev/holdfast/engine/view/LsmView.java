package dev.holdfast.engine.view;

import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.RunReader;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstView;
import java.util.ArrayList;
import java.util.List;

/// All that a read may see at one moment, newest first: memtables, L0 tables, sorted runs.
///
/// Immutable, though its active memtable still grows: a read is bounded by a sequence number. Who
/// holds a view holds everything it names; there is nothing to give back.
///
/// @param active takes the newest writes
/// @param frozen wait to be flushed, newest first
/// @param l0 newest first
/// @param runs newest first
/// @param flushedSeq rows of memtables up to it are in tables too, and are read there
public record LsmView(
        Memtable active,
        List<Memtable> frozen,
        List<SstReader> l0,
        List<RunReader> runs,
        long flushedSeq) {
    public LsmView {
        frozen = List.copyOf(frozen);
        l0 = List.copyOf(l0);
        runs = List.copyOf(runs);
    }

    /// One whose memtables hold nothing that is in tables.
    public LsmView(
            Memtable active, List<Memtable> frozen, List<SstReader> l0, List<RunReader> runs) {
        this(active, frozen, l0, runs, 0);
    }

    /// Only `active`.
    public static LsmView of(Memtable active) {
        return new LsmView(active, List.of(), List.of(), List.of());
    }

    /// True if not all rows are in memtables.
    public boolean hasTables() {
        return !l0.isEmpty() || !runs.isEmpty();
    }

    /// The active memtable joins the frozen ones, and `next` takes its place.
    public LsmView freezeActive(Memtable next) {
        var more = new ArrayList<Memtable>(frozen.size() + 1);
        more.add(active);
        more.addAll(frozen);
        return new LsmView(next, more, l0, runs, flushedSeq);
    }

    /// The same without the frozen memtables whose rows are all at `lastFlushedSeq` or below.
    public LsmView withoutFlushed(long lastFlushedSeq) {
        List<Memtable> waiting =
                frozen.stream().filter(memtable -> lastFlushedSeq < memtable.lastSeq()).toList();
        return new LsmView(active, waiting, l0, runs, flushedSeq);
    }

    /// The same for who does not know where the memtables of the writer end: all rows up to
    /// `lastFlushedSeq` are read from tables, those too that lie in a memtable among newer ones.
    public LsmView withFlushed(long lastFlushedSeq) {
        LsmView left = withoutFlushed(lastFlushedSeq);
        Memtable newest = active.lastSeq() <= lastFlushedSeq ? new Memtable() : active;
        return new LsmView(newest, left.frozen, l0, runs, lastFlushedSeq);
    }

    /// The same memtables over the tables that `manifest` tells of. Tables of this view that it
    /// still tells of stay open.
    public LsmView withTables(Manifest manifest, TableStore tables) {
        return withTables(manifest, tables, List.of());
    }

    /// The same; those in `ready` are open already, too.
    public LsmView withTables(Manifest manifest, TableStore tables, List<SstReader> ready) {
        List<SstReader> known = new ArrayList<>(ready);
        known.addAll(l0);
        for (RunReader run : runs) known.addAll(run.tables());
        List<SstView> newL0 = new ArrayList<>(manifest.l0());
        List<SortedRun> newRuns = new ArrayList<>(manifest.sortedRuns());
        // Segments hold disjoint keys, so their order among each other means nothing.
        for (Segment segment : manifest.segments()) {
            newL0.addAll(segment.l0());
            newRuns.addAll(segment.sortedRuns());
        }
        return new LsmView(
                active,
                frozen,
                tables.open(newL0, known),
                newRuns.stream().map(run -> tables.open(run, known)).toList(),
                flushedSeq);
    }

    /// What the memtables that are not yet in tables hold, in bytes.
    public long memtableBytes() {
        long bytes = active.bytes();
        for (Memtable memtable : frozen) bytes += memtable.bytes();
        return bytes;
    }
}
