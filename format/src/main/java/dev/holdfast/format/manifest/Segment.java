package dev.holdfast.format.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tables of the keys that begin with `prefix`, compacted apart from the others.
public record Segment(
        Bytes prefix,
        @Nullable Ulid lastCompactedL0,
        List<SstView> l0,
        List<SortedRun> sortedRuns) {
    public Segment {
        l0 = List.copyOf(l0);
        sortedRuns = List.copyOf(sortedRuns);
    }
}
