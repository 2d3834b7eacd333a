package dev.holdfast.engine.iter;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.MergeOperator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which version of a row a reader sees.
///
/// @param seqMax no row above it is seen
/// @param nowMillis a row that expires at this time or before is not seen, and hides what is older
/// @param operator combines merged rows; without one, meeting them is an error
/// @param newerThan a key is passed over if its newest row that is seen is not above it
public record Visibility(
        long seqMax, long nowMillis, @Nullable MergeOperator operator, long newerThan) {
    /// A time at which nothing has expired yet.
    public static final long BEFORE_ALL = Long.MIN_VALUE;

    /// However old keys are.
    public Visibility(long seqMax, long nowMillis, @Nullable MergeOperator operator) {
        this(seqMax, nowMillis, operator, 0);
    }

    /// The value of `key`: `existing` with `operands`, newest first, applied. Throws `Invalid` if
    /// there is no operator, or if it fails.
    public Bytes merge(Bytes key, @Nullable Bytes existing, List<Bytes> operands) {
        return MergeOperands.merged(
                MergeOperands.required(operator, key), key, existing, operands.reversed());
    }

    /// The same for keys that were changed after `newerThan`.
    public Visibility changedAfter(long newerThan) {
        return new Visibility(seqMax, nowMillis, operator, newerThan);
    }
}
