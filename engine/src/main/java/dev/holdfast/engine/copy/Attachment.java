package dev.holdfast.engine.copy;

import dev.holdfast.engine.manifest.DropMark;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.ExternalDb;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How a clone hangs on another database: by a checkpoint there that never ends by itself, and
/// whose name says for whom it is.
final class Attachment {
    private static final String PREFIX = "clone:";

    private Attachment() {}

    /// What the checkpoint for the clone at `path` is called.
    static String nameFor(String path) {
        return PREFIX + path;
    }

    /// The path of the clone that the checkpoint is for; null if it is for none.
    static @Nullable String cloneOf(Checkpoint checkpoint) {
        String name = checkpoint.name();
        return name != null && name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : null;
    }

    /// True if the clone that `checkpoint` of the database at `root` is for is there, and hangs on
    /// it.
    static boolean isNeeded(Checkpoint checkpoint, String root, Place place) {
        String path = cloneOf(checkpoint);
        if (path == null || path.equals(root)) return false;
        ManifestVersion clone = place.manifests(path).latest();
        if (clone == null || DropMark.isOn(clone.manifest())) return false;
        return clone.manifest().externalDbs().stream()
                .anyMatch(each ->
                        TablePaths.rootOf(each).equals(root)
                                && checkpoint.id().equals(each.finalCheckpointId()));
    }

    /// The checkpoint by which it hangs on `parent`.
    static UUID hold(ExternalDb parent) {
        UUID last = parent.finalCheckpointId();
        return last == null ? parent.sourceCheckpointId() : last;
    }
}
