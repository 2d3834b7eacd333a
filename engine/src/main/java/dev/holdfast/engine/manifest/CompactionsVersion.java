package dev.holdfast.engine.manifest;

import dev.holdfast.format.compactions.Compactions;
import dev.holdfast.format.compactions.CompactionsCodec;

/// The compactor's state as it lies in the store: under its id, in one of the form's versions.
public record CompactionsVersion(long id, Compactions compactions, int version) {
    /// True if it is in the version that only newer engines read.
    public boolean isNewer() {
        return version == CompactionsCodec.VERSION_NEWER;
    }
}
