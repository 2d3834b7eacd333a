package dev.holdfast.engine.api.upkeep;

import dev.holdfast.base.Bytes;
import org.jspecify.annotations.Nullable;

/// Decides for rows, as a compaction comes by, whether they stay: for what becomes worthless by a
/// rule of the application, without a delete for each.
///
/// It is asked for values and for operands that every reader sees, newest first of each key; not
/// for what a snapshot may still tell apart. What it drops is gone for everybody, also for
/// snapshots that are open: let it drop only what nobody asks for any more.
///
/// ```java
/// Set<Bytes> gone = ...;                                     // what nobody asks for any more
/// builder.compactionFilter(job -> row ->
///         gone.contains(row.key()) ? Decision.DROP : Decision.KEEP);
/// ```
///
/// One is made for each part of a compaction, and used by one thread. If it throws, the compaction
/// is given up: its sources stay as they are.
@FunctionalInterface
public interface CompactionFilter {
    /// What is to become of `row`. It must be quick, and must not call the database.
    Decision decide(Candidate row);

    /// All rows of its part were decided, and what stays was written.
    default void finished() {}

    /// Makes the filter of one part of a compaction; by many threads at once.
    @FunctionalInterface
    interface Factory {
        /// A filter for rows of `job`.
        CompactionFilter filterFor(Job job);

        /// Where to cut instead, if a part would begin with `key`: there or before it. For filters
        /// that decide on some rows by others before them, which so come in one part.
        default Bytes cutBefore(Bytes key) {
            return key;
        }
    }

    /// What is known of a compaction.
    ///
    /// @param destination the sorted run that it makes
    /// @param isBottom true if nothing older lies beneath it
    /// @param nowMillis its time: what expires by then is gone already
    /// @param seqMin rows up to this commit are seen by every reader
    /// @param end the first key that is not of this part; null if it goes on to the last
    record Job(
            long destination, boolean isBottom, long nowMillis, long seqMin, @Nullable Bytes end) {}

    /// A row that is decided on. Valid during the call.
    interface Candidate {
        /// Its key.
        Bytes key();

        /// Its value, or its operand.
        Bytes value();

        /// True if it is merged into what is older.
        boolean isOperand();

        /// The commit that made it.
        long seq();

        /// When that was, in milliseconds since the Unix epoch; -1 if no one has noted it.
        long createdAtMillis();

        /// When it expires, in milliseconds since the Unix epoch; -1 if it does not.
        long expireAtMillis();
    }

    /// What becomes of a row.
    sealed interface Decision {
        /// It stays.
        Decision KEEP = new Keep();

        /// It goes: a value as if its key was removed when it was written, an operand as if it had
        /// not been merged.
        Decision DROP = new Drop();

        /// Its value, or its operand, becomes `value`; nothing else of it changes.
        static Decision replaceBy(Bytes value) {
            return new Replace(value);
        }

        /// It stays.
        record Keep() implements Decision {}

        /// It goes.
        record Drop() implements Decision {}

        /// It gets another value.
        record Replace(Bytes value) implements Decision {}
    }
}
