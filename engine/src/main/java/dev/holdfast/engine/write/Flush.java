package dev.holdfast.engine.write;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.event.FlushEvent;
import dev.holdfast.engine.manifest.FlushedRows;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.SegmentEdit;
import dev.holdfast.engine.memory.Lease;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.segment.SegmentTables;
import dev.holdfast.engine.table.SstHalves;
import dev.holdfast.engine.tier.LocalTable;
import dev.holdfast.engine.tier.LocalTables;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One memtable on its way into tables: whatever was reached is kept from attempt to attempt.
///
/// A table; or, of a database with segments, one for each that it touches. Not thread-safe.
final class Flush {
    private static final long UNKNOWN = -1;

    private final WriteParts parts;
    private final MemtableFlusher.Place place;
    private final @Nullable MergeOperator operator;
    private final SstHalves halves;
    private final FrozenMemtable source;
    private final List<Ulid> ids = new ArrayList<>(); // of its tables, the same at every attempt
    private final FlushEvent event = new FlushEvent();
    private @Nullable List<Durable<SstHandle>> stored;
    private long tableBytes;
    private boolean isPublished;
    private long seqMin = UNKNOWN; // the same at every attempt, as a table may be there already

    /// What flushes work with.
    ///
    /// @param operator combines merged rows; null if they stay as they are
    record Tools(
            WriteParts parts,
            MemtableFlusher.Place place,
            @Nullable MergeOperator operator,
            SstHalves halves) {}

    Flush(Tools tools, FrozenMemtable source) {
        parts = tools.parts;
        place = tools.place;
        operator = tools.operator;
        halves = tools.halves;
        this.source = source;
        event.begin();
    }

    /// How many bytes its tables take.
    long tableBytes() {
        return tableBytes;
    }

    /// True once a published manifest names its tables.
    boolean isPublished() {
        return isPublished;
    }

    /// Tells the flight recorder of it.
    void tell() {
        event.end();
        if (!event.shouldCommit()) return;
        event.database = parts.ending().database();
        event.table = id(0).toString();
        event.memtableBytes = source.memtable().bytes();
        event.tableBytes = tableBytes();
        event.lastSeq = source.memtable().lastSeq();
        event.commit();
    }

    /// Makes its tables durable, in the store or on the local disk, and shows them. Throws
    /// `Unavailable` if it has to be made again.
    void attempt(Token own) throws InterruptedException {
        event.attempts++;
        LocalTables disk = place.local();
        if (disk == null) toStore(own);
        else toDisk(disk, own);
    }

    private void toStore(Token own) throws InterruptedException {
        long lastSeq = source.memtable().lastSeq();
        parts.log().awaitFlushable(lastSeq, deadline());
        List<Durable<SstHandle>> tables = inStore(own);
        var edit = SegmentEdit.added(tables, place.segments(), parts.log().cover(lastSeq), rows());
        place.live().publish(edit, new Patience(deadline(), own));
        isPublished = true;
    }

    // What the disk does not take goes to the store, unless what is older waits for it here.
    private void toDisk(LocalTables disk, Token own) throws InterruptedException {
        try {
            place.live().show(keptIn(disk, own));
            parts.log().keptInTables(source.memtable().lastSeq());
        } catch (DiskException refused) {
            if (!place.live().unpublished().isEmpty()) throw disk.unavailable(refused);
            toStore(own);
        }
    }

    private List<LocalTable> keptIn(LocalTables disk, Token own)
            throws DiskException, InterruptedException {
        Memtable memtable = source.memtable();
        Deadline deadline = deadline();
        parts.log().awaitFlushable(memtable.lastSeq(), deadline);
        try (Lease _ = leased(deadline, own)) {
            List<LocalTables.Made> made = encoded(deadline, own);
            tableBytes =
                    made.stream()
                            .mapToLong(each -> each.sst().properties().propertiesOffset())
                            .sum();
            return disk.keep(made, place.live().shownSeq(), rows());
        }
    }

    private List<Durable<SstHandle>> inStore(Token own) throws InterruptedException {
        List<Durable<SstHandle>> present = stored;
        if (present == null)
            try (Lease _ = leased(deadline(), own)) {
                SegmentRules segments = place.segments();
                present = segments == null ? inOneTable(own) : inTablesOf(segments);
            }
        stored = present;
        tableBytes =
                present.stream()
                        .mapToLong(each -> each.position().properties().propertiesOffset())
                        .sum();
        return present;
    }

    private List<Durable<SstHandle>> inOneTable(Token own) throws InterruptedException {
        LocalTables.Made made = encodedWhole(deadline(), own);
        return List.of(place.writer().store(made.id(), made.sst()));
    }

    // One in memory at a time.
    private List<Durable<SstHandle>> inTablesOf(SegmentRules segments) {
        return new SegmentTables(segments)
                .of(
                        source.rows(operator, seqMin()),
                        (index, rows) -> place.writer().write(id(index), rows));
    }

    private List<LocalTables.Made> encoded(Deadline deadline, Token own)
            throws InterruptedException {
        SegmentRules segments = place.segments();
        if (segments == null) return List.of(encodedWhole(deadline, own));
        return new SegmentTables(segments)
                .of(
                        source.rows(operator, seqMin()),
                        (index, rows) ->
                                new LocalTables.Made(
                                        id(index), place.writer().encode(id(index), rows)));
    }

    private LocalTables.Made encodedWhole(Deadline deadline, Token own)
            throws InterruptedException {
        var sst = halves.encode(id(0), source.parts(operator, seqMin()), deadline, own);
        return new LocalTables.Made(id(0), sst);
    }

    // A collector spares what is younger than the newest L0, so times must not fall.
    private Ulid id(int index) {
        long newest = place.live().newestTableMillis();
        while (ids.size() <= index)
            ids.add(Ulid.at(parts.env(), Math.max(newest, parts.env().currentTimeMillis())));
        return ids.get(index);
    }

    private Lease leased(Deadline deadline, Token own) throws InterruptedException {
        return parts.memory().leaseForFlush(source.memtable().bytes(), deadline, own);
    }

    // The oldest commit that anybody reads at from now on. Whoever reads what is in the store alone
    // may be at the last that is there, and must miss nothing of it.
    private long seqMin() {
        if (seqMin == UNKNOWN)
            seqMin =
                    Math.min(
                            place.pins().bound(source.memtable().lastSeq()),
                            parts.log().durableSeq());
        return seqMin;
    }

    private FlushedRows rows() {
        long lastSeq = source.memtable().lastSeq();
        return new FlushedRows(
                lastSeq,
                source.lastTickMillis(),
                place.pins().bound(lastSeq),
                parts.env().currentTimeMillis());
    }

    private Deadline deadline() {
        return Deadline.after(parts.env(), MemtableFlusher.ATTEMPT);
    }
}
