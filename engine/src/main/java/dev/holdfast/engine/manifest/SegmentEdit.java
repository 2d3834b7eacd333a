package dev.holdfast.engine.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changes to the segments of a manifest.
public final class SegmentEdit {
    private SegmentEdit() {}

    /// A table of a segment.
    public record Part(Bytes segment, Durable<SstHandle> table) {}

    /// Has the manifest name `tables`, whose keys are apart from each other, as the newest of L0:
    /// each in its segment if keys are cut as `rules` say.
    public static ManifestEdit added(
            List<Durable<SstHandle>> tables,
            @Nullable SegmentRules rules,
            Durable<WalPosition> log,
            FlushedRows rows) {
        if (rules == null) return new ManifestEdit.Added(tables, log, rows);
        var parts = new ArrayList<Part>();
        for (Durable<SstHandle> table : tables)
            parts.add(new Part(SegmentGuard.segmentOf(table.position(), rules), table));
        return new Added(parts, log, rows);
    }

    /// What `edit` does to a tree, done to that of one segment.
    public record In(Bytes segment, ManifestEdit edit) implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            Manifest tree = latest.tree(segment);
            Manifest next = edit.applyTo(tree);
            return next == tree ? latest : latest.withTree(segment, next);
        }
    }

    /// A memtable became the newest L0 tables of the segments that it touches, all at once. What is
    /// left of segments that were dropped goes too: from here on their writer knows.
    public record Added(List<Part> parts, Durable<WalPosition> log, FlushedRows rows)
            implements ManifestEdit {
        public Added {
            parts = List.copyOf(parts);
        }

        @Override
        public Manifest applyTo(Manifest latest) {
            if (rows.lastSeq() <= latest.lastL0Seq()) return latest;
            Manifest next = new ManifestEdit.Added(List.of(), log, rows).applyTo(latest);
            for (Part part : parts) next = with(part, next);
            List<Segment> left =
                    next.segments().stream()
                            .filter(each -> !each.l0().isEmpty() || !each.sortedRuns().isEmpty())
                            .toList();
            return next.but().segments(left).build();
        }

        private static Manifest with(Part part, Manifest next) {
            Manifest tree = next.tree(part.segment());
            var l0 = new ArrayList<SstView>();
            l0.add(SstView.of(part.table().position()));
            tree.l0().stream()
                    .takeWhile(view -> !view.id().equals(tree.lastCompactedL0()))
                    .forEach(l0::add);
            return next.withTree(part.segment(), tree.but().l0(l0).build());
        }
    }

    /// Tables of a segment were dropped. It stays, empty, with the mark of what went, until its
    /// writer has seen that.
    ///
    /// @param l0 the view ids of its L0 tables that go, newest first: the oldest of the list
    /// @param runs the ids of the sorted runs that go
    public record Drained(Bytes segment, List<Ulid> l0, List<Long> runs) implements ManifestEdit {
        public Drained {
            l0 = List.copyOf(l0);
            runs = List.copyOf(runs);
        }

        @Override
        public Manifest applyTo(Manifest latest) {
            Manifest tree = latest.tree(segment);
            List<SstView> newer =
                    tree.l0().stream().filter(view -> !l0.contains(view.id())).toList();
            List<SortedRun> others =
                    tree.sortedRuns().stream().filter(run -> !runs.contains(run.id())).toList();
            boolean isDone =
                    newer.size() == tree.l0().size() && others.size() == tree.sortedRuns().size();
            if (isDone) return latest;
            return latest.withTree(
                    segment,
                    tree.but()
                            .l0(newer)
                            .sortedRuns(others)
                            .lastCompactedL0(l0.isEmpty() ? tree.lastCompactedL0() : l0.getFirst())
                            .build());
        }
    }
}
