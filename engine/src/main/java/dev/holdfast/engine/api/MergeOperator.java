package dev.holdfast.engine.api;

import dev.holdfast.base.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Combines the operands that were merged into a key. Must be associative, and a pure function of
/// what it is given: operands are combined at reads, at flushes and in compactions, in groups of
/// neighbours, and what comes of a group without a value below it is an operand again.
///
/// ```java
/// MergeOperator sum = MergeOperator.oneByOne((key, existing, operand) ->
///         existing == null ? operand : encode(decode(existing) + decode(operand)));
/// ```
///
/// Called by many threads at once. What it throws reaches a reader as `Invalid` with the cause; a
/// flush or a compaction leaves the operands as they are. Another engine that reads the database
/// needs the same operator.
@FunctionalInterface
public interface MergeOperator {
    /// The value of `key`: `existing` (null if there is none) with `operands`, at least one,
    /// applied, oldest first.
    Bytes merge(Bytes key, @Nullable Bytes existing, List<Bytes> operands);

    /// Combines one operand with what is there.
    @FunctionalInterface
    interface OneByOne {
        /// The value of `key`: `existing` (null if there is none) with `operand` applied.
        Bytes merge(Bytes key, @Nullable Bytes existing, Bytes operand);
    }

    /// An operator that takes many operands one after the other.
    static MergeOperator oneByOne(OneByOne operator) {
        return (key, existing, operands) -> {
            Bytes merged = operator.merge(key, existing, operands.getFirst());
            for (Bytes operand : operands.subList(1, operands.size()))
                merged = operator.merge(key, merged, operand);
            return merged;
        };
    }
}
