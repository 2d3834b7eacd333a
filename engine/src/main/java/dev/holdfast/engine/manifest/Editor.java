package dev.holdfast.engine.manifest;

import dev.holdfast.engine.api.StorageException.Closed;

/// Who edits a manifest, and so who fences whom.
///
/// A newer editor of the same kind raises the epoch of its kind; the older one is ended by it.
public sealed interface Editor {
    /// Throws `Closed` if `version` was written under a newer editor of this kind.
    void requireNotFenced(ManifestVersion version);

    /// The writer of `epoch`.
    record Writer(long epoch) implements Editor {
        @Override
        public void requireNotFenced(ManifestVersion version) {
            check("writer", epoch, version.manifest().writerEpoch(), version.id());
        }
    }

    /// The compactor of `epoch`.
    record Compactor(long epoch) implements Editor {
        @Override
        public void requireNotFenced(ManifestVersion version) {
            check("compactor", epoch, version.manifest().compactorEpoch(), version.id());
        }
    }

    /// One whom nobody fences: a collector, a maker of checkpoints, and whoever is about to fence.
    record Guest() implements Editor {
        @Override
        public void requireNotFenced(ManifestVersion version) {}
    }

    private static void check(String kind, long epoch, long newer, long manifestId) {
        if (epoch < newer)
            throw new Closed(
                    Closed.Reason.FENCED,
                    "fenced by a newer %s. epoch=`%d`, newer=`%d`, manifest=`%d`"
                            .formatted(kind, epoch, newer, manifestId),
                    null);
    }
}
