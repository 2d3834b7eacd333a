package dev.holdfast.format.manifest;

import dev.holdfast.base.Ulid;
import dev.holdfast.format.sst.SstFooter;
import dev.holdfast.format.sst.SstProperties;

/// A compacted SST as the manifest knows it: its name, the properties copied from its end, and its
/// format version.
public record SstHandle(Ulid id, SstProperties properties, int version) {
    public SstHandle {
        SstFooter.requireKnown(version);
    }
}
