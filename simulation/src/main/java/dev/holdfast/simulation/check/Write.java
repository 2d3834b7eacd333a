package dev.holdfast.simulation.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One batch that a client handed over, and what it was told.
///
/// Invariant of the history: no value is ever written twice to one key, so a value names its write.
///
/// @param life to whom it was handed
/// @param seq the number it was told, or [#UNKNOWN_SEQ]
/// @param call when it was handed over, in the history's time
/// @param end when it was told the number; [#NEVER] if it was not
/// @param durable when it was told that it is safe from the loss of every machine; else [#NEVER]
public record Write(
        int id, int life, List<Row> rows, Fate fate, long seq, long call, long end, long durable) {
    /// Not told.
    public static final long UNKNOWN_SEQ = -1;

    /// A time that does not come.
    public static final long NEVER = Long.MAX_VALUE;

    public Write {
        rows = List.copyOf(rows);
    }

    /// One key of the batch, and what it is to be; null if it is to be gone.
    public record Row(String key, @Nullable String value) {}

    /// What became of it, as far as it was told.
    public enum Fate {
        /// It was committed, at a number.
        ACKNOWLEDGED,
        /// It was refused: nobody may ever see it.
        REFUSED,
        /// Nobody knows.
        UNKNOWN
    }

    boolean isUnknown() {
        return fate == Fate.UNKNOWN;
    }

    boolean isDurable() {
        return durable != NEVER;
    }

    boolean deletes(String key) {
        return rows.stream().anyMatch(row -> row.key().equals(key) && row.value() == null);
    }

    String label() {
        return "write " + id;
    }
}
