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
    ///
    /// @param how whether the value takes the place of what was there, or is added behind it
    /// @param expireAt when the value is gone by itself, in milliseconds of the wall clock; 0 for
    ///   never
    public record Row(String key, @Nullable String value, How how, long expireAt) {
        /// What becomes of what was there.
        public enum How {
            /// It is replaced.
            SET,
            /// It stays, and the value is added at its end.
            ADD
        }

        /// It takes the place of what was there, and stays.
        public Row(String key, @Nullable String value) {
            this(key, value, How.SET, 0);
        }

        /// `element` is added behind what is there; it ends with [#END], and holds no other.
        public static Row added(String key, String element) {
            return new Row(key, element, How.ADD, 0);
        }

        /// It takes the place of what was there, until `expireAt`.
        public static Row expiring(String key, String value, long expireAt) {
            return new Row(key, value, How.SET, expireAt);
        }

        /// The end of each element of a value that is added to.
        public static final char END = ';';

        boolean isAdded() {
            return how == How.ADD;
        }

        boolean hasExpiredBy(long millis) {
            return expireAt != 0 && expireAt <= millis;
        }
    }

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

    /// What it asks of `key`, the last word of the batch; null if nothing.
    @Nullable Row rowOf(String key) {
        for (Row row : rows.reversed()) if (row.key().equals(key)) return row;
        return null;
    }

    /// True if the key is gone by it at `millis`, whether at once or because its time was over.
    boolean removes(String key, long millis) {
        Row row = rowOf(key);
        return row != null && (row.value() == null || row.hasExpiredBy(millis));
    }

    /// True if what it wrote to `key` was there, and has had its time at `millis`.
    boolean hasExpired(String key, long millis) {
        Row row = rowOf(key);
        return row != null && row.value() != null && row.hasExpiredBy(millis);
    }

    /// True if what was there before is gone by it.
    boolean replaces(String key) {
        Row row = rowOf(key);
        return row != null && !row.isAdded();
    }

    String label() {
        return "write " + id;
    }
}
