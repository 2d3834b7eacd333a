package dev.holdfast.app.survey;

import dev.holdfast.format.manifest.Checkpoint;

/// A checkpoint, and what stays in the store for its sake alone.
///
/// @param standing whether its manifest could be read
/// @param tables that the newest manifest does not name
/// @param bytes of those
public record Pin(Checkpoint checkpoint, Standing standing, int tables, long bytes) {
    /// What became of the manifest that a checkpoint names.
    public enum Standing {
        /// It was read.
        READ,
        /// It is not there.
        MISSING,
        /// Its bytes are not those of a manifest.
        DAMAGED,
        /// There are too many to read them all.
        NOT_LOOKED_AT
    }
}
