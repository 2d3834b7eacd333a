package dev.holdfast.engine.view;

import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.RunReader;
import dev.holdfast.engine.table.SstReader;
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
public record LsmView(
        Memtable active, List<Memtable> frozen, List<SstReader> l0, List<RunReader> runs) {
    public LsmView {
        frozen = List.copyOf(frozen);
        l0 = List.copyOf(l0);
        runs = List.copyOf(runs);
    }

    /// Only `active`.
    public static LsmView of(Memtable active) {
        return new LsmView(active, List.of(), List.of(), List.of());
    }

    /// The active memtable joins the frozen ones, and `next` takes its place.
    public LsmView freezeActive(Memtable next) {
        var more = new ArrayList<Memtable>(frozen.size() + 1);
        more.add(active);
        more.addAll(frozen);
        return new LsmView(next, more, l0, runs);
    }

    /// `table` holds what `flushed`, the oldest frozen memtable, held.
    public LsmView flushed(Memtable flushed, SstReader table) {
        assert frozen.getLast() == flushed : "flushed out of order";
        var tables = new ArrayList<SstReader>(l0.size() + 1);
        tables.add(table);
        tables.addAll(l0);
        return new LsmView(active, frozen.subList(0, frozen.size() - 1), tables, runs);
    }

    /// The same memtables over other tables.
    public LsmView withTables(List<SstReader> l0, List<RunReader> runs) {
        return new LsmView(active, frozen, l0, runs);
    }

    /// What the memtables that are not yet in tables hold, in bytes.
    public long memtableBytes() {
        long bytes = active.bytes();
        for (Memtable memtable : frozen) bytes += memtable.bytes();
        return bytes;
    }
}
