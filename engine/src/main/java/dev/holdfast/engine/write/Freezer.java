package dev.holdfast.engine.write;

import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.memory.MemoryBudget;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.ViewHolder;
import dev.holdfast.engine.wal.CommitLog;

/// Ends the active memtable when its time has come, and starts the next.
///
/// Always between two batches: used inside the commit order, or by recovery before there is one.
final class Freezer {
    /// A memtable is frozen at the latest when a replay would read so many log objects.
    static final int WAL_OBJECTS_MAX = 4096;

    /// Beyond so many frozen memtables the active one grows instead, until writers wait for room.
    static final int FROZEN_MAX = 16;

    private static final int DOUBLINGS_MAX = 8;

    private final Settings settings;
    private final MemoryBudget memory;
    private final CommitLog log;
    private final ViewHolder views;
    private final MemtableFlusher flusher;

    Freezer(Settings settings, WriteParts parts, ViewHolder views, MemtableFlusher flusher) {
        this.settings = settings;
        memory = parts.memory();
        log = parts.log();
        this.views = views;
        this.flusher = flusher;
    }

    /// The memtable that takes the next row.
    Memtable active() {
        return views.current().active();
    }

    void freezeIfFull(long lastTickMillis) {
        LsmView view = views.current();
        int frozen = view.frozen().size();
        boolean isFull = fullBytes() <= view.active().bytes();
        boolean isOld = isNothingOnItsWay(view) && WAL_OBJECTS_MAX <= log.objectsToReplay();
        boolean isHuge = Memtable.BYTES_MAX / 2 < view.active().bytes();
        if ((isFull && frozen < FROZEN_MAX) || isOld || isHuge) freeze(lastTickMillis);
    }

    // What is on its way will shorten the log once it is published.
    private boolean isNothingOnItsWay(LsmView view) {
        return view.frozen().isEmpty() && flusher.memtablesWaiting() == 0;
    }

    // While tables wait on the local disk for the store, each doubling of what reads have to look
    // through doubles the next tables too: then their number grows with the logarithm of the bytes.
    private long fullBytes() {
        long usual = Math.min(settings.l0SstSize().bytes(), memory.tableMax());
        int waiting = flusher.memtablesWaiting();
        if (waiting < settings.l0TablesMax()) return usual;
        int doublings = Math.min(DOUBLINGS_MAX, waiting / settings.l0TablesMax());
        long most = Math.min(settings.unflushedMax().bytes() / 4, memory.tableMax());
        return Math.max(usual, Math.min(usual << doublings, most));
    }

    /// Freezes if nothing else is on its way to make room.
    void freezeForRoom(long lastTickMillis) {
        if (views.current().frozen().isEmpty()) freeze(lastTickMillis);
    }

    /// Freezes, unless there is nothing to freeze.
    void freeze(long lastTickMillis) {
        Memtable active = active();
        if (active.isEmpty()) return;
        active.freeze();
        log.cut();
        Memtable next = active.next();
        views.update(view -> view.freezeActive(next));
        flusher.enqueue(new FrozenMemtable(active, lastTickMillis));
    }
}
