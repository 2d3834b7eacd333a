package dev.holdfast.redis.migrate;

import java.util.List;

/// What an import came to. All that it brought in is durable.
///
/// @param firstRefused the first of the keys that were refused
/// @param expected how many keys there should be now; -1 where nobody can tell, because there were
///   others before
/// @param found how many there are
public record ImportReport(Counts counts, List<Refusal> firstRefused, long expected, long found) {
    /// How much there was.
    ///
    /// @param keys brought in by this run
    /// @param earlier brought in or left out by an earlier one, which this one went on with
    /// @param expired left out, since their time was over
    /// @param refused left out for other reasons
    public record Counts(
            long keys, long earlier, long expired, long refused, Libraries libraries) {}

    /// How many libraries of functions there were.
    ///
    /// @param kept brought in, or there already as they came
    /// @param refused left out
    public record Libraries(long kept, long refused) {}

    /// True if there are as many keys as there should be.
    public boolean isComplete() {
        return expected < 0 || expected == found;
    }
}
