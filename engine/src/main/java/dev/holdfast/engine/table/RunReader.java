package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;
import java.util.List;

/// A sorted run, opened to read: tables that follow one another in key order. Immutable.
///
/// Rows of one key may go on in the next table; otherwise tables do not overlap.
///
/// @param id tells it from other runs; the higher, the newer
public record RunReader(long id, List<SstReader> tables) {
    public RunReader {
        tables = List.copyOf(tables);
        for (int i = 1; i < tables.size(); i++) {
            if (0 < tables.get(i - 1).lastKey().compareTo(tables.get(i).firstKey()))
                throw new CorruptData(
                        "tables of a sorted run overlap. run=`%d`, table=`%s`"
                                .formatted(id, tables.get(i).id()),
                        null);
        }
    }

    /// Fills `found` with the newest row of `key` whose sequence number is at most `seqMax`, and
    /// tells whether there is one. `hash` is the key's hash for filters. Throws `OutOfReach` where
    /// it would have to go further than `reach`.
    public boolean find(Bytes key, long hash, long seqMax, FoundRow found, Reach reach) {
        for (int i = firstTableFor(key); i < tables.size(); i++) {
            SstReader table = tables.get(i);
            if (key.compareTo(table.firstKey()) < 0) return false;
            if (table.find(key, hash, seqMax, found, reach)) return true;
        }
        return false;
    }

    /// True if a walk through `range` is short and reads nothing from the store, as things are.
    public boolean isAtHand(KeyRange range) {
        int from = range.start() == null ? 0 : firstTableFor(range.start());
        int to = range.end() == null ? tables.size() - 1 : lastTableFor(range.end());
        for (int i = from; i <= to; i++) if (!tables.get(i).isAtHand(range)) return false;
        return true;
    }

    /// The rows of the run in `order`. Rows out of `range` may show or not; it bounds what is read
    /// ahead.
    public RowCursor cursor(KeyRange range, Order order) {
        return cursor(range, order, WalkPlan.USUAL);
    }

    /// The same, fetched as `plan` says.
    public RowCursor cursor(KeyRange range, Order order, WalkPlan plan) {
        return new RunCursor(this, range, order, plan);
    }

    /// Begins to bring into memory what a walk through `range` in `order` needs first, on a thread
    /// of its own. False if it is there already.
    public boolean warm(KeyRange range, Order order, WalkPlan plan) {
        Bytes near = order == Order.ASCENDING ? range.start() : range.end();
        int first = order == Order.ASCENDING ? 0 : tables.size() - 1;
        if (near != null)
            first = order == Order.ASCENDING ? firstTableFor(near) : lastTableFor(near);
        return 0 <= first && first < tables.size() && tables.get(first).warm(range, order, plan);
    }

    /// False if no row can have a key in `range`.
    public boolean overlaps(KeyRange range) {
        return tables.stream().anyMatch(table -> table.overlaps(range));
    }

    /// The first table that can hold rows at `key` or above it; their number if there is none.
    int firstTableFor(Bytes key) {
        int low = 0;
        int high = tables.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (tables.get(middle).lastKey().compareTo(key) < 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// The last table that can hold rows at `key` or below it; -1 if there is none.
    int lastTableFor(Bytes key) {
        int low = 0;
        int high = tables.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (tables.get(middle).firstKey().compareTo(key) <= 0) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }
}
