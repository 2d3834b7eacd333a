package dev.holdfast.engine.copy;

import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.manifest.DropMark;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.ExternalDb;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Stage;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// What becomes of the manifest of a clone, and of a database that goes. Edits are pure.
final class CloneEdits {
    private CloneEdits() {}

    /// A clone that was in the making is whole.
    record Finished(Manifest whole) implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            if (latest.stage() == Stage.READY) return latest;
            if (DropMark.isOn(latest))
                throw new Conflict("the clone was dropped while it was made");
            return whole;
        }
    }

    /// Tables in `copied` lie under the clone's own root from now on, and what no level names any
    /// more is forgotten.
    record BroughtHome(Set<Ulid> copied) implements ManifestEdit {
        BroughtHome {
            copied = Set.copyOf(copied);
        }

        @Override
        public Manifest applyTo(Manifest latest) {
            Set<Ulid> foreign =
                    Projection.tables(latest)
                            .map(view -> view.sst().id())
                            .filter(id -> !copied.contains(id))
                            .collect(Collectors.toSet());
            List<ExternalDb> parents =
                    latest.externalDbs().stream().map(each -> only(foreign, each)).toList();
            return parents.equals(latest.externalDbs())
                    ? latest
                    : latest.but().externalDbs(parents).build();
        }

        private static ExternalDb only(Set<Ulid> ids, ExternalDb parent) {
            return new ExternalDb(
                    parent.path(),
                    parent.sourceCheckpointId(),
                    parent.finalCheckpointId(),
                    parent.sstIds().stream().filter(ids::contains).toList());
        }
    }

    /// The parents that keep nothing for the clone under the checkpoints `holds` are no parents any
    /// more.
    record LetGo(Set<UUID> holds) implements ManifestEdit {
        LetGo {
            holds = Set.copyOf(holds);
        }

        @Override
        public Manifest applyTo(Manifest latest) {
            List<ExternalDb> left =
                    latest.externalDbs().stream().filter(each -> !isOver(each)).toList();
            return left.size() == latest.externalDbs().size()
                    ? latest
                    : latest.but().externalDbs(left).build();
        }

        private boolean isOver(ExternalDb parent) {
            return parent.sstIds().isEmpty() && holds.contains(Attachment.hold(parent));
        }
    }

    /// The database is being dropped, whatever depends on it.
    record Dropped(long nowSeconds) implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            throw new UnsupportedOperationException("the mark names its manifest");
        }

        @Override
        public Manifest applyTo(ManifestVersion latest) {
            return DropMark.isOn(latest.manifest())
                    ? latest.manifest()
                    : DropMark.on(latest, nowSeconds);
        }
    }

    /// The same, unless a checkpoint is there that has not ended.
    record DroppedIfFree(long nowSeconds) implements ManifestEdit {
        @Override
        public Manifest applyTo(Manifest latest) {
            throw new UnsupportedOperationException("the mark names its manifest");
        }

        @Override
        public Manifest applyTo(ManifestVersion latest) {
            if (!DropMark.isOn(latest.manifest()))
                for (Checkpoint each : latest.manifest().checkpoints())
                    if (each.expireSeconds() == 0 || nowSeconds < each.expireSeconds())
                        throw new Conflict(reason(each));
            return new Dropped(nowSeconds).applyTo(latest);
        }

        private static String reason(Checkpoint each) {
            String clone = Attachment.cloneOf(each);
            return clone == null
                    ? "a checkpoint needs the database. checkpoint=`%s`, name=`%s`"
                            .formatted(each.id(), each.name())
                    : "a clone needs the database. clone=`%s`, checkpoint=`%s`"
                            .formatted(clone, each.id());
        }
    }
}
