package dev.holdfast.format.manifest;

import static dev.holdfast.base.Checks.require;

import java.util.List;

/// SSTs that follow each other in key order and do not overlap, but for rows of one key that cross
/// over. The higher the id, the newer the run.
///
/// @param id an unsigned 32-bit number
public record SortedRun(long id, List<SstView> ssts) {
    public SortedRun {
        require(0 <= id && id <= 0xffffffffL, "sorted run id out of range: %d", id);
        ssts = List.copyOf(ssts);
    }
}
