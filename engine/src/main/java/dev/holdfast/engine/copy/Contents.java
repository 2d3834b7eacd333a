package dev.holdfast.engine.copy;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.table.StoredForm;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.table.TableTransfer;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.format.manifest.SequenceTracker;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.sst.SstEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a clone of some keys, or of several databases, consists of: the tables of its origins level
/// by level, and tables made of their logs.
///
/// A database with segments is taken over segment by segment. Origins share no key, so that what
/// counts is the order among the tables of each one: L0 tables keep it, and sorted runs keep their
/// ids. A table that two origins show parts of is copied for the second, because a manifest of the
/// older profile knows a view by its table: byte by byte, or written anew where it is encrypted.
/// Not thread-safe.
final class Contents {
    private final String path;
    private final Place place;
    private final SstWriter writer;
    private final TableTransfer transfer;
    private final Set<Ulid> named = new HashSet<>();
    private int tablesMade;

    Contents(String path, Place place) {
        this.path = path;
        this.place = place;
        var form = StoredForm.of(Settings.defaults());
        writer =
                new SstWriter(
                        place.store(), TablePaths.of(path), form, place.sealing(), place.env());
        transfer = new TableTransfer(place.store(), place.store(), place.sealing());
    }

    /// `target` with all that `origins` give, in segments if it is cut as `rules` say. Writes what
    /// has to be written for it.
    Manifest fill(Manifest target, List<Origin> origins, @Nullable SegmentRules rules)
            throws InterruptedException {
        List<Part> parts = new ArrayList<>();
        long lastSeq = 0;
        long lastTick = Long.MIN_VALUE;
        long runs = 0;
        for (Origin origin : origins) {
            LogTables log = LogTables.write(origin, writer, rules, place);
            parts.add(new Part(origin, log, rules == null ? 0 : runs));
            runs += origin.manifest().nextRunId();
            tablesMade += log.newestFirst().size();
            lastSeq = Math.max(lastSeq, log.lastSeq());
            lastTick = Math.max(lastTick, log.lastTick());
        }
        Manifest filled =
                kept(target, origins).but().lastL0Seq(lastSeq).lastL0ClockTick(lastTick).build();
        if (rules == null) return treeOf(null, filled, parts);
        for (Bytes segment : segmentsOf(parts)) {
            Manifest tree = treeOf(segment, filled.tree(segment), parts);
            boolean hasTables = !tree.l0().isEmpty() || !tree.sortedRuns().isEmpty();
            if (hasTables) filled = filled.withTree(segment, tree);
        }
        return filled;
    }

    /// What comes of one origin.
    ///
    /// @param runs what its runs' ids are raised by: those of segments are unique across all of
    ///   them
    private record Part(Origin origin, LogTables log, long runs) {
        long idOf(SortedRun run) {
            return runs + run.id();
        }
    }

    private static Set<Bytes> segmentsOf(List<Part> parts) {
        Set<Bytes> all = new TreeSet<>();
        for (Part each : parts) {
            for (Segment segment : each.origin.manifest().segments()) all.add(segment.prefix());
            each.log.segments().forEach(all::add);
        }
        return all;
    }

    // `tree` with the tables that all parts have in `segment`; outside of segments where it is
    // null.
    private Manifest treeOf(@Nullable Bytes segment, Manifest tree, List<Part> parts) {
        List<List<SstView>> l0 = new ArrayList<>();
        Map<Long, List<SstView>> runs = new TreeMap<>(Comparator.reverseOrder());
        for (Part part : parts) {
            List<SstView> tables = new ArrayList<>(part.log.newestFirst(segment));
            for (SstView each : part.origin.l0(segment)) tables.add(once(each, part.origin));
            l0.add(tables);
            for (SortedRun run : part.origin.runs(segment)) {
                List<SstView> all = runs.computeIfAbsent(part.idOf(run), _ -> new ArrayList<>());
                for (SstView each : run.ssts()) all.add(once(each, part.origin));
            }
        }
        Manifest first = parts.getFirst().origin.manifest();
        return tree.but()
                .l0(newestFirst(l0))
                .sortedRuns(inKeyOrder(runs))
                .lastCompactedL0(parts.size() == 1 ? first.tree(segment).lastCompactedL0() : null)
                .build();
    }

    // What only one origin can tell.
    private static Manifest kept(Manifest target, List<Origin> origins) {
        long snapshots =
                origins.stream()
                        .mapToLong(each -> each.manifest().recentSnapshotMinSeq())
                        .min()
                        .orElse(0);
        boolean isOne = origins.size() == 1;
        return target.but()
                .recentSnapshotMinSeq(snapshots)
                .sequenceTracker(
                        isOne
                                ? origins.getFirst().manifest().sequenceTracker()
                                : SequenceTracker.empty())
                .build();
    }

    private SstView once(SstView view, Origin origin) {
        Ulid id = view.sst().id();
        if (named.add(id)) return view;
        String text = "copy " + tablesMade + " " + id;
        Ulid copy = DerivedIds.of(origin.hold().id(), text, id.timeMillis());
        String name = TablePaths.of(origin.source().path(), origin.manifest()).name(id);
        tablesMade++;
        var handle = new SstHandle(copy, view.sst().properties(), view.sst().version());
        var copied = new SstView(copy, handle, view.visible());
        // What is encrypted opens under its own id alone: bytes that were brought would be lost.
        if (!transfer.isReadable(name, copied)) return sealedAnew(name, view, copy);
        transfer.bring(name, TablePaths.of(path).name(copy), view);
        return copied;
    }

    private SstView sealedAnew(String name, SstView view, Ulid copy) {
        try (SstEncoder encoder = writer.encoder(copy)) {
            transfer.read(name, view, encoder::add);
            SstHandle handle = writer.store(copy, encoder.finish()).position();
            return new SstView(copy, handle, view.visible());
        }
    }

    // By the time in their names, but each origin's in its own order.
    private static List<SstView> newestFirst(List<List<SstView>> origins) {
        List<List<SstView>> left = new ArrayList<>();
        for (List<SstView> each : origins) left.add(new ArrayList<>(each));
        var merged = new ArrayList<SstView>();
        while (true) {
            left.removeIf(List::isEmpty);
            if (left.isEmpty()) return merged;
            List<SstView> newest = left.getFirst();
            for (List<SstView> each : left)
                if (newest.getFirst().id().compareTo(each.getFirst().id()) < 0) newest = each;
            merged.add(newest.removeFirst());
        }
    }

    private static List<SortedRun> inKeyOrder(Map<Long, List<SstView>> runs) {
        var sorted = new ArrayList<SortedRun>();
        runs.forEach((id, views) -> {
            views.sort(Comparator.comparing(Contents::firstKey));
            sorted.add(new SortedRun(id, views));
        });
        return sorted;
    }

    private static Bytes firstKey(SstView view) {
        Bytes first = Projection.firstKey(view);
        return first == null ? Bytes.EMPTY : first;
    }

    /// Tables written for the clone.
    int tablesMade() {
        return tablesMade;
    }
}
