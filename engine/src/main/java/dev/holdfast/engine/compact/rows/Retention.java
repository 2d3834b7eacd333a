package dev.holdfast.engine.compact.rows;

import static dev.holdfast.base.Checks.require;

/// Which rows a compaction has to keep.
///
/// @param seqMin the oldest sequence number that an open snapshot reads at: of each key the newest
///   version at or below it stays, and all above it
/// @param nowMillis rows that expired by then are gone; taken from the data's own clock as well as
///   from the wall, so that one wrong clock removes nothing
/// @param isBottom nothing older lies beneath, so what removes a key has nothing left to hide
public record Retention(long seqMin, long nowMillis, boolean isBottom) {
    public Retention {
        require(0 <= seqMin, "seqMin=%d", seqMin);
    }
}
