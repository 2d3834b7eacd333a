package dev.holdfast.format.compactions;

import static dev.holdfast.base.Checks.require;

import java.util.List;

/// The compactions that are not over, and the last one that is. Immutable.
///
/// @param compactorEpoch the epoch of the compactor that wrote it; 0 in the first file
public record Compactions(long compactorEpoch, List<Compaction> recent) {
    public Compactions {
        require(0 <= compactorEpoch, "compactorEpoch=%d", compactorEpoch);
        recent = List.copyOf(recent);
    }

    /// The first file of a new database.
    public static Compactions initial() {
        return new Compactions(0, List.of());
    }
}
