package dev.holdfast.engine.api;

import dev.holdfast.engine.api.upkeep.CollectionReport;

/// Figures of an open database at one moment; sizes in bytes, counts since it was opened.
///
/// ```java
/// DbStats stats = db.stats();
/// System.out.println(stats.l0Ssts() + " tables in L0, memtables of " + stats.memtableBytes());
/// ```
///
/// @param conflicts races lost for the next number of a manifest or of the compactor's state
/// @param memory what all databases that share a memory hold together
public record DbStats(
        long manifestId,
        long writerEpoch,
        int l0Ssts,
        int sortedRuns,
        long sstBytes,
        long memtableBytes,
        int frozenMemtables,
        long walPuts,
        long walBytes,
        Flushes flushes,
        Blocks blocks,
        long walRecordsReplayed,
        Watermarks watermarks,
        long conflicts,
        Stalls stalls,
        Compactions compactions,
        Collections collections,
        Memory memory,
        Transactions transactions,
        Snapshots snapshots,
        Filters filters,
        Ingests ingests,
        Consumers consumers,
        Merges merges) {

    /// Memtables that became tables of L0.
    ///
    /// @param count of them
    /// @param bytes of their tables
    /// @param failures attempts that were repeated
    /// @param waits of flushes for the compactor, as there were too many tables in L0
    public record Flushes(long count, long bytes, long failures, Waits waits) {
        /// None.
        public static final Flushes NONE = new Flushes(0, 0, 0, Waits.NONE);
    }

    /// Decoded blocks of this database in memory.
    ///
    /// @param aheadPieces pieces of several blocks that scans have fetched ahead
    /// @param aheadBytes of those, as stored
    public record Blocks(long bytes, long hits, long misses, long aheadPieces, long aheadBytes) {
        /// None.
        public static final Blocks NONE = new Blocks(0, 0, 0, 0, 0);
    }

    /// Something that had to wait: how often, and how long in all.
    public record Waits(long count, long nanos) {
        /// Never.
        public static final Waits NONE = new Waits(0, 0);
    }

    /// Writers that waited for room, by what there was too much of.
    ///
    /// @param slowed held up for moments, as much waited to become tables, or the shared memory was
    ///   short
    /// @param ownLimit stopped, as this database had too much that was not in tables
    /// @param memory stopped, as the shared memory was spent
    public record Stalls(Waits slowed, Waits ownLimit, Waits memory) {
        /// None.
        public static final Stalls NONE = new Stalls(Waits.NONE, Waits.NONE, Waits.NONE);
    }

    /// What the compactor in this process has done.
    ///
    /// @param running that are not over
    /// @param published that the manifest names
    /// @param givenUp after damage
    /// @param retries attempts that were repeated
    /// @param fenced how often another became the compactor
    /// @param nanos that the published ones took
    /// @param bytesRead of the sources of published ones
    /// @param bytesWritten of tables, also of those that were not published
    public record Compactions(
            int running,
            long published,
            long givenUp,
            long retries,
            long fenced,
            long nanos,
            long bytesRead,
            long bytesWritten,
            Rows rows) {
        /// None: there is no compactor.
        public static final Compactions NONE = new Compactions(0, 0, 0, 0, 0, 0, 0, 0, Rows.NONE);
    }

    /// Rows that compactions have read, and those that they have dropped by reason.
    ///
    /// @param hidden older than a version that everybody sees
    /// @param tombstones with nothing left beneath them
    /// @param expired of their own accord
    public record Rows(long read, long hidden, long tombstones, long expired) {
        /// None.
        public static final Rows NONE = new Rows(0, 0, 0, 0);

        /// Both together.
        public Rows plus(Rows other) {
            return new Rows(
                    read + other.read,
                    hidden + other.hidden,
                    tombstones + other.tombstones,
                    expired + other.expired);
        }
    }

    /// What the collector in this process has done.
    ///
    /// @param waits the collections, and how long they took
    /// @param failures that ended early
    /// @param removed objects by kind, and their bytes
    /// @param kept objects at the last whole collection, by why they stay
    public record Collections(
            Waits waits,
            long failures,
            CollectionReport.ByKind removed,
            CollectionReport.Kept kept) {
        /// None: there is no collector.
        public static final Collections NONE =
                new Collections(
                        Waits.NONE, 0, CollectionReport.ByKind.NONE, CollectionReport.Kept.NONE);
    }

    /// Transactions.
    ///
    /// @param open that have neither committed nor ended otherwise
    /// @param oldestNanos how long the oldest of those has been open
    /// @param recentBytes that keys of recent commits take for their sake
    /// @param conflicts commits that were refused, as others had won
    /// @param expired that were open for too long
    public record Transactions(
            int open,
            long oldestNanos,
            long recentBytes,
            long begun,
            long committed,
            long conflicts,
            long expired) {
        /// None.
        public static final Transactions NONE = new Transactions(0, 0, 0, 0, 0, 0, 0);
    }

    /// The snapshots that are open: what they see is not dropped.
    ///
    /// @param count of them
    /// @param oldestSeq the commit that the oldest shows; what was replaced after it stays
    /// @param oldestNanos since when it is open
    /// @param oldestName as its opener has called it
    public record Snapshots(int count, long oldestSeq, long oldestNanos, String oldestName) {
        /// None.
        public static final Snapshots NONE = new Snapshots(0, 0, 0, "");
    }

    /// What the filters of tables said, for each table of each read that asked one.
    ///
    /// @param keys to reads of single keys
    /// @param prefixes to scans of what begins alike
    public record Filters(Answers keys, Answers prefixes) {
        /// Nothing.
        public static final Filters NONE = new Filters(Answers.NONE, Answers.NONE);

        /// Answers to one kind of question.
        ///
        /// @param denied tables that were passed over
        /// @param admitted tables that were looked at
        /// @param inVain of those, the ones that had nothing of what was looked for
        public record Answers(long denied, long admitted, long inVain) {
            /// None.
            public static final Answers NONE = new Answers(0, 0, 0);
        }
    }

    /// Sorted rows that became tables without the log.
    ///
    /// @param committed ingests
    /// @param rows of those
    /// @param bytes of their tables
    public record Ingests(long committed, long rows, long bytes) {
        /// None.
        public static final Ingests NONE = new Ingests(0, 0, 0);
    }

    /// Consumers of changes that have a name, for whose sake the log stays.
    ///
    /// @param count of them
    /// @param oldestSeq the commit up to which the last of them has read
    public record Consumers(int count, long oldestSeq) {
        /// None.
        public static final Consumers NONE = new Consumers(0, 0);
    }

    /// What the merge operator was asked, by reads, flushes and compactions of this process.
    ///
    /// @param calls of it
    /// @param operands that it was given
    public record Merges(long calls, long operands) {
        /// Nothing.
        public static final Merges NONE = new Merges(0, 0);
    }

    /// The memory that databases share, in bytes by use.
    ///
    /// @param flushWaits flushes that waited for memory
    /// @param refusals of memory for read-ahead and compaction, which did with less or later
    public record Memory(
            long limit,
            long memtables,
            long log,
            long flush,
            long compaction,
            long readAhead,
            long blocks,
            long flushWaits,
            long refusals) {
        /// None.
        public static final Memory NONE = new Memory(0, 0, 0, 0, 0, 0, 0, 0, 0);

        /// What is held, other than blocks.
        public long held() {
            return memtables + log + flush + compaction + readAhead;
        }
    }
}
