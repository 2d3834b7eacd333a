package dev.holdfast.engine.copy;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayList;
import java.util.List;

/// The log behind an origin's tables, as tables of the clone: of some keys only, or beside the logs
/// of others, it cannot be taken over as it is.
///
/// One thread; holds one memtable at a time.
final class LogTables implements WalReplayer.Sink {
    private static final long BYTES_MAX = 64L << 20;

    private final Origin origin;
    private final KeyRange range;
    private final SstWriter writer;
    private final long timeMillis;
    private final List<SstView> oldestFirst = new ArrayList<>();
    private Memtable memtable = new Memtable();
    private long lastSeq;
    private long lastTick;

    private LogTables(Origin origin, SstWriter writer) {
        this.origin = origin;
        this.writer = writer;
        range = origin.range();
        Manifest manifest = origin.manifest();
        lastSeq = manifest.lastL0Seq();
        lastTick = manifest.lastL0ClockTick();
        long made = origin.hold().createSeconds() * 1000;
        timeMillis =
                manifest.l0().isEmpty()
                        ? made
                        : Math.max(made, manifest.l0().getFirst().id().timeMillis());
    }

    /// Writes them.
    static LogTables write(Origin origin, SstWriter writer, Place place)
            throws InterruptedException {
        var tables = new LogTables(origin, writer);
        Manifest manifest = origin.manifest();
        new WalReplayer(
                        place.store(),
                        origin.source().path(),
                        place.env(),
                        place.token(),
                        manifest.lastL0Seq())
                .openedBy(place.sealing())
                .replay(manifest.replayAfterWalId(), manifest.walIdLastSeen(), tables);
        tables.flush();
        return tables;
    }

    @Override
    public void row(RowCursor row) {
        if ((row.flags() & RowFlags.HAS_CREATION) != 0)
            lastTick = Math.max(lastTick, row.createdAtMillis());
        Bytes key = Bytes.wrap(row.keyArray(), row.keyOffset(), row.keyLength());
        if (range.contains(key)) memtable.add(row);
    }

    @Override
    public void endOfCommit(Durable<Long> seq) {
        lastSeq = seq.position();
        if (BYTES_MAX <= memtable.bytes()) flush();
    }

    @Override
    public void endOfObject(Durable<Long> id, long seq) {}

    private void flush() {
        if (memtable.isEmpty()) return;
        int number = oldestFirst.size();
        Ulid id = DerivedIds.of(origin.hold().id(), "log " + range + number, timeMillis + number);
        oldestFirst.add(SstView.of(writer.write(id, rows(memtable)).position()));
        memtable = new Memtable();
    }

    private static RowCursor rows(Memtable memtable) {
        memtable.freeze();
        return memtable.cursor(Order.ASCENDING);
    }

    /// The tables, newest first.
    List<SstView> newestFirst() {
        return oldestFirst.reversed();
    }

    /// The last commit of the origin.
    long lastSeq() {
        return lastSeq;
    }

    /// The newest time of creation of a row.
    long lastTick() {
        return lastTick;
    }
}
