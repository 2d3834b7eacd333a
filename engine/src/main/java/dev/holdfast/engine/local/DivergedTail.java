package dev.holdfast.engine.local;

import java.time.Instant;
import java.util.List;

/// What lies in one folder of `diverged/`: a tail of a local log that another writer's epoch has
/// cut off, and whatever else was kept aside with it.
///
/// @param name of the folder
/// @param epoch under which it was written
/// @param commonSeq commits up to this one are common to it and to whoever took over; -1 if that is
///   not known
/// @param afterSeq the commits behind this one are in it
/// @param lastSeq the last commit that can be read
/// @param rows of those commits
/// @param bytes of those rows
/// @param firstAt when the first of those commits was made; the epoch's beginning if there is none
/// @param lastAt when the last of them was made
/// @param damage what is missing in it or ended the reading early, empty if nothing is known
/// @param files all that lie there
public record DivergedTail(
        String name,
        long epoch,
        long commonSeq,
        long afterSeq,
        long lastSeq,
        long rows,
        long bytes,
        Instant firstAt,
        Instant lastAt,
        String damage,
        List<Item> files) {

    /// One file that was kept aside.
    ///
    /// @param kind `segment`, `table`, or `other`
    public record Item(String name, String kind, long bytes) {}
}
