package dev.holdfast.engine.api;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import org.jspecify.annotations.Nullable;

/// An open scan: stands before the first pair, then on one pair after another.
///
/// Not thread-safe. Pairs come in key order, each key once, as of the moment the scan was opened.
/// Close it: it holds what it reads from.
public interface Scan extends AutoCloseable {
    /// How a scan goes, where it ends, and what it may take.
    ///
    /// ```java
    /// var page = Scan.Options.defaults().withOrder(Order.DESCENDING).withRowsMax(100);
    /// try (Scan scan = db.scan(KeyRange.prefix(Bytes.utf8("user/")), page)) { ... }
    /// ```
    ///
    /// @param order the direction
    /// @param reads what may be shown
    /// @param rowsMax it ends after so many pairs
    /// @param bytesMax it ends after the pair with which keys and values reach so many bytes
    /// @param readAhead each fetch takes about so much of a table, from the first one on; null to
    ///   begin small and to grow as the scan goes on
    /// @param fetchesMax fetches of one table that are under way, or are being used, at once
    /// @param blocks what becomes of fetched blocks
    /// @param newerThan only keys whose newest row was committed after this sequence number
    record Options(
            Order order,
            Reads.Options reads,
            long rowsMax,
            long bytesMax,
            @Nullable ByteSize readAhead,
            int fetchesMax,
            Blocks blocks,
            long newerThan) {
        /// The most that [#fetchesMax] may be.
        public static final int FETCHES_MAX = 16;

        private static final int FETCHES_USUAL = 4;
        private static final long READ_AHEAD_MAX = 64 << 20;
        private static final Options DEFAULTS =
                new Options(
                        Order.ASCENDING,
                        Reads.Options.defaults(),
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        null,
                        FETCHES_USUAL,
                        Blocks.USUAL,
                        0);

        public Options {
            require(0 < rowsMax, "rowsMax must be positive: %d", rowsMax);
            require(0 < bytesMax, "bytesMax must be positive: %d", bytesMax);
            require(
                    readAhead == null || readAhead.bytes() <= READ_AHEAD_MAX,
                    "readAhead is at most 64 MiB: %s",
                    readAhead);
            require(1 <= fetchesMax && fetchesMax <= FETCHES_MAX, "fetchesMax: %d", fetchesMax);
            require(0 <= newerThan, "newerThan is negative: %d", newerThan);
        }

        /// What becomes of the blocks that a scan fetches.
        public enum Blocks {
            /// The first stay in memory, the others only where nothing has to go for them.
            USUAL,
            /// All stay in memory, as those of a `get` do.
            KEPT,
            /// None stays in memory.
            PASSED
        }

        /// Least key first, to the end.
        public static Options defaults() {
            return DEFAULTS;
        }

        /// The same in `order`.
        public Options withOrder(Order order) {
            return new Options(
                    order, reads, rowsMax, bytesMax, readAhead, fetchesMax, blocks, newerThan);
        }

        /// The same for what `reads` lets show.
        public Options withReads(Reads.Options reads) {
            return new Options(
                    order, reads, rowsMax, bytesMax, readAhead, fetchesMax, blocks, newerThan);
        }

        /// The same for at most so many pairs.
        public Options withRowsMax(long rowsMax) {
            return new Options(
                    order, reads, rowsMax, bytesMax, readAhead, fetchesMax, blocks, newerThan);
        }

        /// The same until keys and values reach so many bytes.
        public Options withBytesMax(long bytesMax) {
            return new Options(
                    order, reads, rowsMax, bytesMax, readAhead, fetchesMax, blocks, newerThan);
        }

        /// The same with fetches of about that size; zero for block by block.
        public Options withReadAhead(ByteSize readAhead) {
            return new Options(
                    order, reads, rowsMax, bytesMax, readAhead, fetchesMax, blocks, newerThan);
        }

        /// The same with so many fetches of a table at once.
        public Options withFetchesMax(int fetchesMax) {
            return new Options(
                    order, reads, rowsMax, bytesMax, readAhead, fetchesMax, blocks, newerThan);
        }

        /// The same with that treatment of blocks.
        public Options withBlocks(Blocks blocks) {
            return new Options(
                    order, reads, rowsMax, bytesMax, readAhead, fetchesMax, blocks, newerThan);
        }

        /// The same for keys that were changed after commit `seq`, and are there.
        public Options withNewerThan(long seq) {
            return new Options(order, reads, rowsMax, bytesMax, readAhead, fetchesMax, blocks, seq);
        }
    }

    /// A walk over rows as they are stored, from the newest source to the oldest: memory, then the
    /// tables as they were flushed, then what was compacted.
    ///
    /// Within a source in key order, of one key the newest first; a key comes once for each version
    /// that is left of it, and the first is the newest. Nothing is merged; removals and expired
    /// rows come too. A source is opened only when the walk comes to it: who finds what it looks
    /// for among the newest rows reads nothing else.
    ///
    /// Not thread-safe. Close it: it holds what it reads from.
    interface Versions extends AutoCloseable {
        /// What a row does to its key.
        enum Kind {
            /// Sets it.
            VALUE,
            /// Is merged into what is older.
            OPERAND,
            /// Removes it.
            REMOVAL
        }

        /// Moves to the next row, and tells whether there is one. After false it stays false.
        boolean next();

        /// What the current row does.
        Kind kind();

        /// The current row; its value is empty if it removes its key.
        Reads.Row row();

        @Override
        void close();
    }

    /// Moves to the next pair, and tells whether there is one. After false it stays false.
    boolean next();

    /// The key of the current pair.
    Bytes key();

    /// The value of the current pair.
    Bytes value();

    /// The current pair with all that is known of it.
    default Reads.Row row() {
        return new Reads.Row(key(), value(), 0, null, null);
    }

    /// Moves so that [#next] gives the first pair at `key` or after it in the scan's order. Never
    /// moves back.
    void seek(Bytes key);

    @Override
    void close();
}
