package dev.holdfast.engine.follow;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.memory.MemoryAccount;
import dev.holdfast.engine.memory.MemoryUse;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.function.Predicate;

/// The log behind the tables, as far as it was read, in memtables.
///
/// Invariants:
/// 1. A moment ends between two log objects, so commits show whole.
/// 2. What it holds is booked; beyond its bound only a single log object is taken.
///
/// One thread at a time.
final class LogTail implements WalReplayer.Sink, AutoCloseable {
    private static final int MEMTABLES = 8;
    private static final long EXPANSION = 2; // of a row in a memtable over one in the log

    private final MemoryAccount memory;
    private final long bytesMax;
    private final Predicate<ManifestVersion> isNewest;
    private Moment moment;
    private long booked;

    /// @param isNewest asks whether there is no newer manifest
    LogTail(
            Moment first,
            MemoryAccount memory,
            ByteSize bytesMax,
            Predicate<ManifestVersion> isNewest) {
        this.isNewest = isNewest;
        moment = first;
        this.memory = memory;
        this.bytesMax = bytesMax.bytes();
    }

    Moment moment() {
        return moment;
    }

    /// Sets memory aside for a log object of `size` bytes. False if there is none: then it is not
    /// to be read now.
    boolean tryReserve(long size) {
        long wanted = EXPANSION * size;
        long held = moment.view().memtableBytes();
        if (0 < held && bytesMax < held + wanted) return false;
        if (!memory.tryTake(wanted)) return false;
        booked += wanted;
        return true;
    }

    /// Brings what is booked to what is held.
    void settle() {
        long held = moment.view().memtableBytes();
        memory.add(MemoryUse.MEMTABLES, held - booked);
        booked = held;
    }

    /// Goes on over the tables of a later manifest.
    void moveTo(ManifestVersion next, TableStore tables) {
        moment = moment.over(next, tables);
        settle();
    }

    // What is missing was published before the object behind it was put.
    @Override
    public boolean mayPassGap() {
        return isNewest.test(moment.version());
    }

    @Override
    public void row(RowCursor row) {
        moment.view().active().add(row);
    }

    @Override
    public void endOfCommit(Durable<Long> seq) {}

    @Override
    public void endOfObject(Durable<Long> id, long lastSeq) {
        var view = moment.view();
        Memtable active = view.active();
        if (bytesMax / MEMTABLES <= active.bytes()) view = view.freezeActive(active.next());
        moment = new Moment(moment.version(), view, lastSeq, id.position());
    }

    @Override
    public void close() {
        memory.close();
    }
}
