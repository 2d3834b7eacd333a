package dev.holdfast.engine.manifest;

import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayList;
import java.util.List;

/// A change that the writer makes to whatever manifest is the latest.
///
/// It is applied anew when the race for the next id is lost, so what the compactor and others
/// changed meanwhile is kept: that is the merge rule. Whatever it makes a manifest name arrives as
/// [Durable]. Pure.
public sealed interface ManifestEdit {
    /// The next manifest, or `latest` itself if there is nothing left to change. Applying an edit
    /// to a manifest that has it changes nothing.
    Manifest applyTo(Manifest latest);

    /// A new writer takes the database over.
    record TakeOver() implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            return latest.but().writerEpoch(latest.writerEpoch() + 1).build();
        }
    }

    /// A memtable became the newest L0 table. The log behind it need not be replayed any more.
    record Flushed(Durable<SstHandle> table, Durable<WalPosition> log, FlushedRows rows)
            implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            if (rows.lastSeq() <= latest.lastL0Seq()) return latest;
            List<SstView> l0 = new ArrayList<>();
            l0.add(SstView.of(table.position()));
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
}
