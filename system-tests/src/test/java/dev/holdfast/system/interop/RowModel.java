package dev.holdfast.system.interop;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a database must hold: of each key its value, and when it expires. Not thread-safe.
final class RowModel {
    /// A value, and its end in milliseconds since the Unix epoch; 0 for none.
    record Cell(Bytes value, long expireAtMillis) {}

    /// Long over: whoever reads it hides it, or is known to show it.
    static final long OVER = 1_000;

    private final TreeMap<Bytes, Cell> cells = new TreeMap<>();

    RowModel copy() {
        var copy = new RowModel();
        copy.cells.putAll(cells);
        return copy;
    }

    void put(Bytes key, Bytes value, long expireAtMillis) {
        cells.put(key, new Cell(value, expireAtMillis));
    }

    void delete(Bytes key) {
        cells.remove(key);
    }

    void merge(Bytes key, Bytes operand) {
        Cell before = cells.get(key);
        Bytes value = before == null ? operand : Databases.concatenate(before.value, operand);
        cells.put(key, new Cell(value, before == null ? 0 : before.expireAtMillis));
    }

    /// True if the last word on the key is a put whose time is over. Engines differ in what they
    /// make of a merge on such a row.
    boolean isOver(Bytes key) {
        Cell cell = cells.get(key);
        return cell != null && isOver(cell);
    }

    private static boolean isOver(Cell cell) {
        return cell.expireAtMillis == OVER;
    }

    @Nullable Bytes get(Bytes key) {
        Cell cell = cells.get(key);
        return cell == null || isOver(cell) ? null : cell.value;
    }

    /// The values of `keys`, null where there is none.
    List<@Nullable Bytes> get(List<Bytes> keys) {
        var found = new ArrayList<@Nullable Bytes>();
        for (Bytes key : keys) found.add(get(key));
        return found;
    }

    @Nullable Cell cell(Bytes key) {
        return cells.get(key);
    }

    /// Every pair that may be seen.
    TreeMap<Bytes, Bytes> pairs() {
        return pairs(KeyRange.all());
    }

    /// Those in `range`.
    TreeMap<Bytes, Bytes> pairs(KeyRange range) {
        var found = new TreeMap<Bytes, Bytes>();
        cells.forEach((key, cell) -> {
            if (!isOver(cell) && range.contains(key)) found.put(key, cell.value);
        });
        return found;
    }

    /// `found` without the pairs whose time is over, which a scan of SlateDB 0.12 shows.
    TreeMap<Bytes, Bytes> withoutOver(TreeMap<Bytes, Bytes> found) {
        found.keySet().removeIf(this::isOver);
        return found;
    }
}
