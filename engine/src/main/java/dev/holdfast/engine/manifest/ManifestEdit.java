package dev.holdfast.engine.manifest;

import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A change to whatever manifest is the latest.
///
/// It is applied anew when the race for the next id is lost, so what others changed meanwhile is
/// kept: that is the merge rule. The writer owns L0 and the log's positions, the compactor the
/// sorted runs and the marker of the last compacted L0. Whatever it makes a manifest name arrives
/// as [Durable]. Pure.
public interface ManifestEdit {
    /// The next manifest, or `latest` itself if there is nothing left to change. Applying an edit
    /// to a manifest that has it changes nothing, but for [Restated].
    Manifest applyTo(Manifest latest);

    /// The same for an edit that names the manifest it replaces.
    default Manifest applyTo(ManifestVersion latest) {
        return applyTo(latest.manifest());
    }

    /// A new writer takes the database over.
    record TakeOver() implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            DropMark.requireReady(latest);
            return latest.but().writerEpoch(latest.writerEpoch() + 1).build();
        }
    }

    /// Nothing changes but the number, each time it is applied: whoever goes on from the manifest
    /// before loses the race for the next one, and looks at everything again.
    record Restated() implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            return latest.but().build();
        }
    }

    /// A memtable became the newest L0 table. The log behind it need not be replayed any more.
    record Flushed(Durable<SstHandle> table, Durable<WalPosition> log, FlushedRows rows)
            implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            return new Added(List.of(table), log, rows).applyTo(latest);
        }
    }

    /// Tables with keys apart from each other became the newest L0 tables, all at once.
    record Added(List<Durable<SstHandle>> tables, Durable<WalPosition> log, FlushedRows rows)
            implements ManifestEdit {
        public Added {
            tables = List.copyOf(tables);
        }

        @Override
        public Manifest applyTo(Manifest latest) {
            if (rows.lastSeq() <= latest.lastL0Seq()) return latest;
            List<SstView> l0 = new ArrayList<>();
            for (Durable<SstHandle> table : tables) l0.add(SstView.of(table.position()));
            l0.addAll(notCompacted(latest));
            return new LogCovered(log)
                    .applyTo(latest)
                    .but()
                    .l0(l0)
                    .lastL0Seq(rows.lastSeq())
                    .lastL0ClockTick(Math.max(latest.lastL0ClockTick(), rows.lastTickMillis()))
                    .recentSnapshotMinSeq(
                            Math.max(latest.recentSnapshotMinSeq(), rows.snapshotMinSeq()))
                    .sequenceTracker(
                            latest.sequenceTracker()
                                    .add(rows.lastSeq(), rows.flushedAtMillis() / 1000))
                    .build();
        }

        // The compactor's marker ends the writer's list: from there on rows are in sorted runs.
        private static List<SstView> notCompacted(Manifest latest) {
            return latest.l0().stream()
                    .takeWhile(view -> !view.id().equals(latest.lastCompactedL0()))
                    .toList();
        }
    }

    /// Everything in the log up to `log` is in tables.
    record LogCovered(Durable<WalPosition> log) implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            WalPosition position = log.position();
            long replayAfter = Math.max(latest.replayAfterWalId(), position.replayAfter());
            long lastSeen = Math.max(latest.walIdLastSeen(), position.lastSeen());
            if (replayAfter == latest.replayAfterWalId() && lastSeen == latest.walIdLastSeen())
                return latest;
            return latest.but().replayAfterWalId(replayAfter).walIdLastSeen(lastSeen).build();
        }
    }

    /// A new compactor takes over.
    record TakeOverCompaction() implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            DropMark.requireReady(latest);
            return latest.but().compactorEpoch(latest.compactorEpoch() + 1).build();
        }
    }

    /// Sources became one sorted run.
    ///
    /// @param l0 the view ids of its L0 sources, newest first: the oldest of the list
    /// @param runs the ids of its sorted runs
    /// @param destination the id of the run that takes their place
    /// @param outputs the tables of that run, in key order; none if no row was left
    record Compacted(
            List<Ulid> l0, List<Long> runs, long destination, List<Durable<SstHandle>> outputs)
            implements ManifestEdit {
        public Compacted {
            l0 = List.copyOf(l0);
            runs = List.copyOf(runs);
            outputs = List.copyOf(outputs);
        }

        @Override
        public Manifest applyTo(Manifest latest) {
            if (isIn(latest)) return latest;
            requireSourcesIn(latest);
            var newRuns = new ArrayList<SortedRun>();
            for (SortedRun run : latest.sortedRuns())
                if (!runs.contains(run.id())) newRuns.add(run);
            if (!outputs.isEmpty()) newRuns.add(new SortedRun(destination, views()));
            newRuns.sort(Comparator.comparingLong(SortedRun::id).reversed());
            return latest.but()
                    .l0(latest.l0().stream().filter(view -> !l0.contains(view.id())).toList())
                    .lastCompactedL0(l0.isEmpty() ? latest.lastCompactedL0() : l0.getFirst())
                    .sortedRuns(newRuns)
                    .build();
        }

        // Only one compactor has an epoch, so sources are gone only once this edit was made.
        private boolean isIn(Manifest latest) {
            return latest.l0().stream().noneMatch(view -> l0.contains(view.id()))
                    && latest.sortedRuns().stream().noneMatch(this::isSource);
        }

        private boolean isSource(SortedRun run) {
            return runs.contains(run.id()) && !isOutput(run);
        }

        private boolean isOutput(SortedRun run) {
            return run.id() == destination && run.ssts().equals(views());
        }

        private List<SstView> views() {
            return outputs.stream().map(table -> SstView.of(table.position())).toList();
        }

        private void requireSourcesIn(Manifest latest) {
            List<Ulid> oldest =
                    latest.l0().stream()
                            .map(SstView::id)
                            .skip(Math.max(0, latest.l0().size() - l0.size()))
                            .toList();
            var runIds = latest.sortedRuns().stream().map(SortedRun::id).toList();
            if (!oldest.equals(l0) || !runIds.containsAll(runs))
                throw new Closed(
                        Closed.Reason.FENCED,
                        "the sources of a compaction have changed. l0=`%s`, runs=`%s`"
                                .formatted(l0, runs),
                        null);
        }
    }

    /// The manifest that is replaced stays readable until `expireSeconds`, under `id`.
    record Checkpointed(UUID id, long createSeconds, long expireSeconds, @Nullable String name)
            implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            throw new UnsupportedOperationException("a checkpoint names the manifest it replaces");
        }

        @Override
        public Manifest applyTo(ManifestVersion latest) {
            List<Checkpoint> present = latest.manifest().checkpoints();
            if (present.stream().anyMatch(other -> other.id().equals(id))) return latest.manifest();
            DropMark.requireReady(latest);
            var more = new ArrayList<>(present);
            more.add(new Checkpoint(id, latest.id(), expireSeconds, createSeconds, name));
            return latest.manifest().but().checkpoints(more).build();
        }
    }

    /// `first`, then `second`, in one step.
    record Both(ManifestEdit first, ManifestEdit second) implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            return second.applyTo(first.applyTo(latest));
        }

        @Override
        public Manifest applyTo(ManifestVersion latest) {
            Manifest between = first.applyTo(latest);
            return second.applyTo(new ManifestVersion(latest.id(), between, latest.features()));
        }
    }

    /// Checkpoint `id` ends at `expireSeconds` at the earliest. One that is gone stays gone.
    record CheckpointExtended(UUID id, long expireSeconds) implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            List<Checkpoint> extended = latest.checkpoints().stream().map(this::extended).toList();
            if (extended.equals(latest.checkpoints())) return latest;
            return latest.but().checkpoints(extended).build();
        }

        private Checkpoint extended(Checkpoint each) {
            boolean isEnough = each.expireSeconds() == 0 || expireSeconds <= each.expireSeconds();
            if (!each.id().equals(id) || isEnough) return each;
            return new Checkpoint(
                    id, each.manifestId(), expireSeconds, each.createSeconds(), each.name());
        }
    }

    /// Checkpoints that ended before `nowSeconds`, or whose id is in `ids`, are given up.
    record CheckpointsEnded(Set<UUID> ids, long nowSeconds) implements ManifestEdit {
        public CheckpointsEnded {
            ids = Set.copyOf(ids);
        }

        @Override
        public Manifest applyTo(Manifest latest) {
            List<Checkpoint> kept =
                    latest.checkpoints().stream().filter(each -> !hasEnded(each)).toList();
            if (kept.size() == latest.checkpoints().size()) return latest;
            return latest.but().checkpoints(kept).build();
        }

        private boolean hasEnded(Checkpoint checkpoint) {
            boolean isExpired =
                    checkpoint.expireSeconds() != 0 && checkpoint.expireSeconds() < nowSeconds;
            return isExpired || ids.contains(checkpoint.id());
        }
    }

    /// Everything becomes as in `next`: for a copy of another database, which nobody writes to.
    record Replaced(Manifest next) implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            List<Checkpoint> own = latest.checkpoints();
            Manifest changed = next.but().checkpoints(own).build();
            return changed.equals(latest) ? latest : changed;
        }
    }
}
