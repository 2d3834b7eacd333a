package dev.holdfast.format.manifest;

import dev.holdfast.base.Ulid;
import org.jspecify.annotations.Nullable;

/// An SST, or the part of it whose keys lie in `visible`. In manifests of version 1 a view has the
/// id of its SST.
public record SstView(Ulid id, SstHandle sst, @Nullable KeyBounds visible) {
    /// The whole of `sst`.
    public static SstView of(SstHandle sst) {
        return new SstView(sst.id(), sst, null);
    }
}
