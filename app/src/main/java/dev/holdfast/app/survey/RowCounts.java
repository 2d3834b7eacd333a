package dev.holdfast.app.survey;

import dev.holdfast.format.sst.SstStats;

/// How many rows of each kind tables say that they hold.
///
/// @param silent tables that do not say, or were not asked
public record RowCounts(
        long puts, long deletes, long merges, long keyBytes, long valueBytes, int silent) {
    /// Of no table at all.
    static final RowCounts NONE = new RowCounts(0, 0, 0, 0, 0, 0);

    /// Of one table that was not asked, or did not answer.
    static final RowCounts SILENT = new RowCounts(0, 0, 0, 0, 0, 1);

    static RowCounts of(SstStats stats) {
        return new RowCounts(
                stats.puts(),
                stats.deletes(),
                stats.merges(),
                stats.keyBytes(),
                stats.valueBytes(),
                0);
    }

    RowCounts plus(RowCounts other) {
        return new RowCounts(
                puts + other.puts,
                deletes + other.deletes,
                merges + other.merges,
                keyBytes + other.keyBytes,
                valueBytes + other.valueBytes,
                silent + other.silent);
    }

    /// Rows of every kind.
    public long rows() {
        return puts + deletes + merges;
    }
}
