package dev.holdfast.engine.api;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The local log of an open database at one moment.
///
/// @param replayed how many commits of an earlier life only this disk had
/// @param forcedSeq the last commit that it holds durably
/// @param forces how many groups of commits were forced
/// @param exposure what the loss of the disk would cost
/// @param readOnlyWhy why it takes no commits, empty if it does
/// @param diverged the tail that was kept aside at the opening, null if there was none
public record LocalStatus(
        Path directory,
        long replayed,
        long forcedSeq,
        long forces,
        Exposure exposure,
        String readOnlyWhy,
        @Nullable Diverged diverged) {

    /// What the loss of the local disk would cost now: the commits that the object store does not
    /// have. Never less than the truth.
    ///
    /// @param bytes of their rows
    /// @param age since the oldest of them was committed; zero if there are none
    public record Exposure(long bytes, Duration age) {}

    /// A tail of the local log that another writer's epoch has cut off from the database: kept
    /// aside, never merged, never deleted.
    ///
    /// @param epoch under which it was written
    /// @param afterSeq the commits behind this one are in it; some of them may be in the store too
    /// @param lastSeq the last commit that can be read
    /// @param directory where its segments are now
    public record Diverged(long epoch, long afterSeq, long lastSeq, Path directory) {}
}
