package dev.holdfast.engine.write;

import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.iter.FoldedRows;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.format.row.RowCursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A memtable that takes no more rows, on its way into a table.
///
/// @param lastTickMillis the newest time of creation in it and in all before
record FrozenMemtable(Memtable memtable, long lastTickMillis) {
    /// Its rows, without those that are hidden from all readers from `seqMin` on; those that are
    /// merged combined by `operator` as far as these allow.
    RowCursor rows(@Nullable MergeOperator operator, long seqMin) {
        RowCursor rows = memtable.frozenRows(seqMin);
        return memtable.hasMerges() ? FoldedRows.of(rows, operator, seqMin) : rows;
    }

    /// The same, in two halves if they may be walked at the same time.
    List<RowCursor> parts(@Nullable MergeOperator operator, long seqMin) {
        return memtable.hasMerges() ? List.of(rows(operator, seqMin)) : memtable.halves(seqMin);
    }
}
