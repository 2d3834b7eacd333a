package dev.holdfast.engine.copy;

import static java.util.Objects.requireNonNull;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.manifest.SegmentGuard;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.segment.SegmentTables;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The log behind an origin's tables, as tables of the clone: of some keys only, or beside the logs
/// of others, it cannot be taken over as it is.
///
/// One thread; holds one memtable at a time.
final class LogTables implements WalReplayer.Sink {
    private static final long BYTES_MAX = 64L << 20;

    private final Origin origin;
    private final KeyRange range;
    private final SstWriter writer;
    private final @Nullable SegmentRules rules;
    private final long timeMillis;
    private final List<SstView> oldestFirst = new ArrayList<>();
    private Memtable memtable = new Memtable();
    private long lastSeq;
    private long lastTick;

    private LogTables(Origin origin, SstWriter writer, @Nullable SegmentRules rules) {
        this.origin = origin;
        this.rules = rules;
        this.writer = writer;
        range = origin.range();
        Manifest manifest = origin.manifest();
        lastSeq = manifest.lastL0Seq();
        lastTick = manifest.lastL0ClockTick();
        long made = origin.hold().createSeconds() * 1000;
        timeMillis = Math.max(made, newestMillis(manifest));
    }

    private static long newestMillis(Manifest manifest) {
        Stream<SstView> inSegments =
                manifest.segments().stream().flatMap(each -> newest(each.l0()));
        return Stream.concat(newest(manifest.l0()), inSegments)
                .mapToLong(view -> view.id().timeMillis())
                .max()
                .orElse(0);
    }

    private static Stream<SstView> newest(List<SstView> l0) {
        return l0.stream().limit(1);
    }

    /// Writes them, each in one segment if keys are cut as `rules` say.
    static LogTables write(
            Origin origin, SstWriter writer, @Nullable SegmentRules rules, Place place)
            throws InterruptedException {
        var tables = new LogTables(origin, writer, rules);
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
        RowCursor rows = rows(memtable);
        if (rules == null) oldestFirst.add(written(oldestFirst.size(), rows));
        else {
            int before = oldestFirst.size();
            oldestFirst.addAll(
                    new SegmentTables(rules)
                            .of(rows, (index, cut) -> written(before + index, cut)));
        }
        memtable = new Memtable();
    }

    private SstView written(int number, RowCursor rows) {
        Ulid id = DerivedIds.of(origin.hold().id(), "log " + range + number, timeMillis + number);
        return SstView.of(writer.write(id, rows).position());
    }

    private static RowCursor rows(Memtable memtable) {
        memtable.freeze();
        return memtable.cursor(Order.ASCENDING);
    }

    /// The tables, newest first.
    List<SstView> newestFirst() {
        return oldestFirst.reversed();
    }

    /// Those of `segment`; all of them where it is null.
    List<SstView> newestFirst(@Nullable Bytes segment) {
        if (segment == null) return newestFirst();
        return newestFirst().stream().filter(each -> segment.equals(segmentOf(each))).toList();
    }

    /// The segments that they are in.
    Stream<Bytes> segments() {
        return rules == null ? Stream.of() : oldestFirst.stream().map(this::segmentOf);
    }

    private Bytes segmentOf(SstView view) {
        return SegmentGuard.segmentOf(view.sst(), requireNonNull(rules));
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
