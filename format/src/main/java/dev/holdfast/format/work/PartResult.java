package dev.holdfast.format.work;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of one attempt at a part. Put once, and never changed.
///
/// @param start where the part begins, not where this attempt went on
/// @param claimant that of the claim
/// @param finished all tables of the part, in key order
/// @param cause why it was given back or failed; empty if it was not
public record PartResult(
        PartKey key,
        @Nullable Bytes start,
        @Nullable Bytes end,
        Ulid claimant,
        String worker,
        Ending ending,
        long rowsRead,
        List<FinishedTable> finished,
        String cause) {
    public PartResult {
        finished = List.copyOf(finished);
        require(0 <= rowsRead, "rowsRead=%d", rowsRead);
        require(
                start == null || end == null || start.compareTo(end) < 0,
                "a part of no keys. key=%s",
                key);
    }

    /// How it ended.
    public enum Ending {
        /// All keys of the part were gone through.
        DONE,
        /// The worker stopped; the part goes on behind what is finished.
        GIVEN_BACK,
        /// The worker could not; another worker could not either.
        FAILED
    }
}
