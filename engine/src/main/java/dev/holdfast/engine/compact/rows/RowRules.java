package dev.holdfast.engine.compact.rows;

import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.upkeep.CompactionFilter;
import org.jspecify.annotations.Nullable;

/// What the application has to say on rows that a compaction comes by.
///
/// @param operator combines operands; null if they stay as they are
/// @param filters make what decides whether rows stay; null if all do
public record RowRules(
        @Nullable MergeOperator operator, CompactionFilter.@Nullable Factory filters) {
    /// Nothing.
    public static final RowRules NONE = new RowRules(null, null);
}
