package dev.holdfast.engine.iter;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.StorageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which version of a row a reader sees.
///
/// @param seqMax no row above it is seen
/// @param nowMillis a row that expires at this time or before is not seen, and hides what is older
/// @param operator combines merged rows; without one, meeting them is an error
public record Visibility(long seqMax, long nowMillis, @Nullable MergeOperator operator) {
    /// The value of `key`: `existing` with `operands`, newest first, applied.
    public Bytes merge(Bytes key, @Nullable Bytes existing, List<Bytes> operands) {
        return requireOperator(key).merge(key, existing, operands.reversed());
    }

    /// The operator. Throws `Invalid` if there is none.
    public MergeOperator requireOperator(Bytes key) {
        if (operator == null)
            throw new StorageException.Invalid(
                    "merged row met without a merge operator. key=`" + key + "`", null);
        return operator;
    }
}
