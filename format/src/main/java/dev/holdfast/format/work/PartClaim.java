package dev.holdfast.format.work;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Ulid;
import java.util.List;

/// Who works on a part, and how far that one has come. Put again with every beat.
///
/// @param claimant drawn anew for each claim: it decides whose claim it is
/// @param worker a name for people
/// @param beat rises with every beat
/// @param steps rises as long as the work goes on
/// @param finished all tables of the part so far, in key order
public record PartClaim(
        PartKey key,
        Ulid claimant,
        String worker,
        long beat,
        long steps,
        List<FinishedTable> finished) {
    public PartClaim {
        finished = List.copyOf(finished);
        require(0 <= beat, "beat=%d", beat);
        require(0 <= steps, "steps=%d", steps);
    }
}
