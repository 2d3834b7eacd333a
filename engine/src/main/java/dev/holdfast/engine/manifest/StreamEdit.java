package dev.holdfast.engine.manifest;

import dev.holdfast.engine.api.ChangeStream.Position;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What consumers of changes do to a manifest.
///
/// The checkpoint moves on with the manifest, so that it keeps no tables for long; what it is there
/// for is the log.
public sealed interface StreamEdit extends ManifestEdit {
    /// A new consumer.
    ///
    /// @param from where it begins; null for right behind the tables of the manifest
    record Registered(
            UUID id, String name, @Nullable Position from, long nowSeconds, long expireSeconds)
            implements StreamEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            throw new UnsupportedOperationException("a checkpoint names the manifest it replaces");
        }

        @Override
        public Manifest applyTo(ManifestVersion latest) {
            Manifest manifest = latest.manifest();
            List<Checkpoint> present = manifest.checkpoints();
            if (present.stream().anyMatch(other -> other.id().equals(id))) return manifest;
            Position at =
                    from == null
                            ? new Position(manifest.replayAfterWalId() + 1, manifest.lastL0Seq())
                            : from;
            var mark = new StreamMark(name, at.walId(), at.seq(), manifest.lastL0Seq());
            var more = new ArrayList<>(present);
            more.add(new Checkpoint(id, latest.id(), expireSeconds, nowSeconds, mark.text()));
            return manifest.but().checkpoints(more).build();
        }
    }

    /// A consumer that is there has moved on, and stays until `expireSeconds` at the earliest. One
    /// that is gone stays gone.
    record Moved(UUID id, StreamMark mark, long expireSeconds) implements StreamEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            throw new UnsupportedOperationException("a checkpoint names the manifest it replaces");
        }

        @Override
        public Manifest applyTo(ManifestVersion latest) {
            Manifest manifest = latest.manifest();
            List<Checkpoint> moved =
                    manifest.checkpoints().stream().map(each -> moved(each, latest.id())).toList();
            if (moved.equals(manifest.checkpoints())) return manifest;
            return manifest.but().checkpoints(moved).build();
        }

        private Checkpoint moved(Checkpoint each, long manifestId) {
            boolean isDone =
                    expireSeconds <= each.expireSeconds() && mark.text().equals(each.name());
            if (!each.id().equals(id) || isDone) return each;
            long until = Math.max(expireSeconds, each.expireSeconds());
            return new Checkpoint(id, manifestId, until, each.createSeconds(), mark.text());
        }
    }
}
