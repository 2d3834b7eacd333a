package dev.holdfast.engine.api;

import java.util.List;

/// What a collection removed, or would remove.
///
/// @param bytes how large the removed objects were
/// @param names of the objects, at most [#NAMES_MAX] of them
public record CollectionReport(
        long tables,
        long logObjects,
        long manifests,
        long compactions,
        long checkpoints,
        long bytes,
        List<String> names) {
    /// How many objects are named.
    public static final int NAMES_MAX = 10_000;

    public CollectionReport {
        names = List.copyOf(names);
    }

    /// How many objects were removed.
    public long objects() {
        return tables + logObjects + manifests + compactions;
    }
}
