package dev.holdfast.engine.api;

import dev.holdfast.base.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Combines the operands that were merged into a key. Must be associative, and a pure function.
@FunctionalInterface
public interface MergeOperator {
    /// The value of `key`: `existing` (null if there is none) with `operands` applied, oldest
    /// first.
    Bytes merge(Bytes key, @Nullable Bytes existing, List<Bytes> operands);
}
