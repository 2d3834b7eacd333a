package dev.holdfast.engine.copy;

import dev.holdfast.engine.manifest.DropMark;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.ExternalDb;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/// What other databases keep for a clone, given up.
final class Parents {
    private Parents() {}

    /// Has `parent` keep what it keeps for the clone for `grace` only. One that is gone, or has
    /// given it up, is left as it is.
    static void release(ExternalDb parent, Duration grace, Place place)
            throws InterruptedException {
        UUID id = parent.finalCheckpointId();
        if (id == null) return;
        ManifestStore manifests = place.manifests(TablePaths.rootOf(parent));
        ManifestVersion newest = manifests.latest();
        if (newest == null || DropMark.isOn(newest.manifest())) return;
        Checkpoint there = CheckpointEdits.find(newest.manifest(), id);
        boolean isEnding = there != null && there.expireSeconds() != 0;
        if (there == null || (isEnding && grace.isPositive())) return;
        ManifestEdit edit =
                grace.isPositive()
                        ? new CheckpointEdits.Term(id, place.nowSeconds() + grace.toSeconds())
                        : new ManifestEdit.CheckpointsEnded(Set.of(id), 0);
        manifests.publish(newest, edit, new Editor.Guest(), place.patience());
    }
}
