package dev.holdfast.format.work;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Ulid;

/// Which part of which compaction a paper is about, and whose try it is.
///
/// @param job the compaction
/// @param epoch of the compactor that cut it into parts
/// @param round how often it has been cut
/// @param part counted from 0 in key order
/// @param attempt counted from 1: each hands the part to one worker
public record PartKey(Ulid job, long epoch, int round, int part, int attempt) {
    public PartKey {
        require(0 <= epoch, "epoch=%d", epoch);
        require(0 <= round, "round=%d", round);
        require(0 <= part, "part=%d", part);
        require(1 <= attempt, "attempt=%d", attempt);
    }

    /// The same part, for the next who tries.
    public PartKey next() {
        return new PartKey(job, epoch, round, part, attempt + 1);
    }
}
