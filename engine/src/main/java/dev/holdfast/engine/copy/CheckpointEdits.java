package dev.holdfast.engine.copy;

import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.manifest.DropMark;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What may be done to the checkpoints of a manifest. Edits are pure.
final class CheckpointEdits {
    private CheckpointEdits() {}

    /// The checkpoint of that id, or null.
    static @Nullable Checkpoint find(Manifest manifest, UUID id) {
        for (Checkpoint each : manifest.checkpoints()) if (each.id().equals(id)) return each;
        return null;
    }

    private static Manifest with(Manifest latest, Checkpoint more) {
        List<Checkpoint> all = new ArrayList<>(latest.checkpoints());
        all.add(more);
        return latest.but().checkpoints(all).build();
    }

    private static Checkpoint at(long manifestId, Checkpoint wanted) {
        return new Checkpoint(
                wanted.id(),
                manifestId,
                wanted.expireSeconds(),
                wanted.createSeconds(),
                wanted.name());
    }

    /// The manifest that has the checkpoint is the one that it names: with the log up to `logSeen`,
    /// so that this much of the log stays with it.
    record Here(Checkpoint wanted, Durable<Long> logSeen) implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            throw new UnsupportedOperationException("a checkpoint names its manifest");
        }

        @Override
        public Manifest applyTo(ManifestVersion version) {
            Manifest latest = version.manifest();
            if (find(latest, wanted.id()) != null) return latest;
            DropMark.requireReady(version);
            long lastSeen = Math.max(latest.walIdLastSeen(), logSeen.position());
            return with(latest, at(version.id() + 1, wanted)).but().walIdLastSeen(lastSeen).build();
        }
    }

    /// The checkpoint names the manifest that checkpoint `source` names.
    record Of(UUID source, Checkpoint wanted) implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            if (find(latest, wanted.id()) != null) return latest;
            DropMark.requireReady(latest);
            Checkpoint there = find(latest, source);
            if (there == null)
                throw new Invalid("no such checkpoint. checkpoint=`" + source + "`", null);
            return with(latest, at(there.manifestId(), wanted));
        }
    }

    /// Checkpoint `id`, if it is there, ends at `expireSeconds`; 0 for never.
    record Term(UUID id, long expireSeconds) implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            List<Checkpoint> all = latest.checkpoints().stream().map(this::changed).toList();
            return all.equals(latest.checkpoints())
                    ? latest
                    : latest.but().checkpoints(all).build();
        }

        private Checkpoint changed(Checkpoint each) {
            if (!each.id().equals(id)) return each;
            return new Checkpoint(
                    id, each.manifestId(), expireSeconds, each.createSeconds(), each.name());
        }
    }
}
