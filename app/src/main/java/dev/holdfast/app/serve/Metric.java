package dev.holdfast.app.serve;

import java.util.Locale;

/// Every figure that `/metrics` shows. `docs/operating/monitor.md` lists the same.
enum Metric {
    READY("holdfast_ready", Kind.GAUGE, "1 while clients are served."),
    UPTIME("holdfast_uptime_seconds", Kind.GAUGE, "Since the process made its server."),
    HEAP_USED("holdfast_heap_used_bytes", Kind.GAUGE, "Of the Java heap, garbage included."),
    HEAP_MAX("holdfast_heap_max_bytes", Kind.GAUGE, "What the Java heap may grow to."),
    SEQ_APPLIED("holdfast_seq_applied", Kind.GAUGE, "The last commit in memory."),
    SEQ_LOCAL(
            "holdfast_seq_local",
            Kind.GAUGE,
            "The last commit that this machine's disk or the store holds."),
    SEQ_REMOTE("holdfast_seq_remote", Kind.GAUGE, "The last commit that the store holds."),
    MANIFEST_ID("holdfast_manifest_id", Kind.GAUGE, "The manifest last seen."),
    WRITER_EPOCH("holdfast_writer_epoch", Kind.GAUGE, "How often the database was taken over."),
    L0_SSTS("holdfast_l0_ssts", Kind.GAUGE, "Tables of L0: reads look at each."),
    SORTED_RUNS(
            "holdfast_sorted_runs", Kind.GAUGE, "Sorted runs: reads look at one table of each."),
    SST_BYTES("holdfast_sst_bytes", Kind.GAUGE, "About how large all tables are."),
    CONFLICTS(
            "holdfast_manifest_conflicts_total",
            Kind.COUNTER,
            "Races lost for the next number of a manifest or of the compactor's " + "state."),
    MEMTABLE_BYTES("holdfast_memtable_bytes", Kind.GAUGE, "Rows that are not in tables."),
    FROZEN_MEMTABLES("holdfast_frozen_memtables", Kind.GAUGE, "Memtables that wait to be flushed."),
    WAL_PUTS("holdfast_wal_puts_total", Kind.COUNTER, "Log objects put."),
    WAL_BYTES("holdfast_wal_bytes_total", Kind.COUNTER, "Bytes of log objects put."),
    WAL_REPLAYED(
            "holdfast_wal_rows_replayed", Kind.GAUGE, "Rows that this opening took from the log."),
    WAL_ELIDED(
            "holdfast_wal_commits_elided_total",
            Kind.COUNTER,
            "Commits that were never put into the store's log, as published tables hold them."),
    UNSHIPPED_BYTES(
            "holdfast_unshipped_bytes",
            Kind.GAUGE,
            "Bytes that commits which the local disk alone holds take in its log."),
    UNSHIPPED_SECONDS(
            "holdfast_unshipped_seconds",
            Kind.GAUGE,
            "How long the store has been without the oldest of them."),
    HELD_UP(
            "holdfast_unshipped_waits_total",
            Kind.COUNTER,
            "Writers that were held up as the store is behind, by `reason`: `slowed` for moments; "
                    + "`limit` stopped."),
    HELD_UP_SECONDS(
            "holdfast_unshipped_wait_seconds_total", Kind.COUNTER, "How long they were held up."),
    UPLOADS("holdfast_uploads", Kind.GAUGE, "What waits behind the local disk for the store."),
    UPLOAD_BYTES("holdfast_upload_bytes", Kind.GAUGE, "Bytes of those."),
    UPLOAD_FAILURES(
            "holdfast_upload_failures_total",
            Kind.COUNTER,
            "Attempts at them that were not answered, or with a request to slow down."),
    UPLOADS_PARKED(
            "holdfast_uploads_parked",
            Kind.GAUGE,
            "1 while the store refuses them until a person acts."),
    L0_FLUSHES("holdfast_l0_flushes_total", Kind.COUNTER, "Memtables that became tables."),
    L0_BYTES("holdfast_l0_bytes_total", Kind.COUNTER, "Bytes of those tables."),
    L0_FAILURES(
            "holdfast_l0_flush_failures_total",
            Kind.COUNTER,
            "Attempts to flush that were repeated."),
    L0_WAITS(
            "holdfast_l0_flush_waits_total",
            Kind.COUNTER,
            "Flushes that waited for the compactor, as L0 had too many tables."),
    L0_WAIT_SECONDS("holdfast_l0_flush_wait_seconds_total", Kind.COUNTER, "How long they waited."),
    STALLS(
            "holdfast_write_stalls_total",
            Kind.COUNTER,
            "Writers that waited for room, by `reason`: `slowed` for moments as "
                    + "tables or memory fall behind; "
                    + "`own_limit` stopped, as too much of this database is "
                    + "not in tables; `memory` stopped, as it is spent."),
    STALL_SECONDS(
            "holdfast_write_stall_seconds_total",
            Kind.COUNTER,
            "How long they waited, by `reason`."),
    TRANSACTIONS("holdfast_transactions_open", Kind.GAUGE, "Transactions that are open."),
    TRANSACTION_SECONDS(
            "holdfast_transaction_oldest_seconds",
            Kind.GAUGE,
            "How long the oldest has been open."),
    TRANSACTION_BYTES(
            "holdfast_transaction_recent_bytes",
            Kind.GAUGE,
            "What the keys of recent commits take, to find conflicts."),
    TRANSACTIONS_BEGUN(
            "holdfast_transactions_begun_total", Kind.COUNTER, "Transactions that were begun."),
    TRANSACTIONS_COMMITTED(
            "holdfast_transactions_committed_total", Kind.COUNTER, "Those that were committed."),
    TRANSACTION_CONFLICTS(
            "holdfast_transaction_conflicts_total",
            Kind.COUNTER,
            "Those that were refused, as others had won."),
    TRANSACTIONS_EXPIRED(
            "holdfast_transactions_expired_total",
            Kind.COUNTER,
            "Those that were ended, as they were open for too long."),
    INGESTS("holdfast_ingests_total", Kind.COUNTER, "Ingests that were committed."),
    INGESTED_ROWS("holdfast_ingested_rows_total", Kind.COUNTER, "Their rows."),
    INGESTED_BYTES("holdfast_ingested_bytes_total", Kind.COUNTER, "Bytes of their tables."),
    MERGES(
            "holdfast_merges_total",
            Kind.COUNTER,
            "Calls of the merge operator, by reads, flushes and compactions of this process."),
    MERGE_OPERANDS("holdfast_merge_operands_total", Kind.COUNTER, "Operands that it was given."),
    CACHE_BYTES(
            "holdfast_block_cache_bytes", Kind.GAUGE, "Decoded blocks of the database in memory."),
    CACHE_HITS(
            "holdfast_block_cache_hits_total",
            Kind.COUNTER,
            "Blocks, filters and indexes that were in memory."),
    CACHE_MISSES("holdfast_block_cache_misses_total", Kind.COUNTER, "Those that had to be loaded."),
    AHEAD_PIECES(
            "holdfast_read_ahead_pieces_total",
            Kind.COUNTER,
            "Pieces of several blocks that scans fetched at once."),
    AHEAD_BYTES("holdfast_read_ahead_bytes_total", Kind.COUNTER, "Bytes of those, as stored."),
    FILTER_NEGATIVES(
            "holdfast_filter_negatives_total",
            Kind.COUNTER,
            "Tables that filters had reads pass over, by `of`: `key`, or `prefix`."),
    FILTER_POSITIVES(
            "holdfast_filter_positives_total",
            Kind.COUNTER,
            "Tables that filters had reads look at, by `of`."),
    FILTER_FALSE_POSITIVES(
            "holdfast_filter_false_positives_total",
            Kind.COUNTER,
            "Those of them that had nothing of what was looked for, by `of`."),
    SNAPSHOTS("holdfast_snapshots_open", Kind.GAUGE, "Snapshots that are open."),
    SNAPSHOT_SECONDS(
            "holdfast_snapshot_oldest_seconds", Kind.GAUGE, "How long the oldest has been open."),
    SNAPSHOT_SEQ(
            "holdfast_snapshot_oldest_seq",
            Kind.GAUGE,
            "The commit that it shows: versions replaced since then stay."),
    CONSUMERS("holdfast_change_consumers", Kind.GAUGE, "Consumers of changes that have a name."),
    CONSUMER_SEQ(
            "holdfast_change_consumer_oldest_seq",
            Kind.GAUGE,
            "The commit up to which the last of them has read: the log behind it stays."),
    DISK_BYTES("holdfast_disk_cache_bytes", Kind.GAUGE, "What the files of the disk cache take."),
    DISK_HITS(
            "holdfast_disk_cache_hits_total",
            Kind.COUNTER,
            "Parts of tables that were on the disk."),
    DISK_MISSES("holdfast_disk_cache_misses_total", Kind.COUNTER, "Parts that had to be fetched."),
    DISK_EVICTIONS(
            "holdfast_disk_cache_evictions_total",
            Kind.COUNTER,
            "Parts that had to go for others."),
    DISK_DAMAGED(
            "holdfast_disk_cache_damaged_total",
            Kind.COUNTER,
            "Parts that were thrown away, as their bytes had changed."),
    DISK_FAILURES(
            "holdfast_disk_cache_failures_total",
            Kind.COUNTER,
            "Failures of the disk; after each it is left alone for a while."),
    MEMORY_LIMIT(
            "holdfast_memory_limit_bytes",
            Kind.GAUGE,
            "What all databases of the process may hold."),
    MEMORY_HELD(
            "holdfast_memory_held_bytes",
            Kind.GAUGE,
            "What they hold, by `use`: `memtables`, `log`, `flush`, `compaction`, "
                    + "`read_ahead`, `blocks`."),
    MEMORY_WAITS(
            "holdfast_memory_flush_waits_total", Kind.COUNTER, "Flushes that waited for memory."),
    MEMORY_REFUSALS(
            "holdfast_memory_refusals_total",
            Kind.COUNTER,
            "Times that a scan or a compaction was given no memory, and did with "
                    + "less or waited."),
    COMPACTIONS_RUNNING(
            "holdfast_compactions_running", Kind.GAUGE, "Compactions under way in this process."),
    COMPACTIONS("holdfast_compactions_total", Kind.COUNTER, "Compactions that were published."),
    COMPACTIONS_GIVEN_UP(
            "holdfast_compactions_given_up_total",
            Kind.COUNTER,
            "Compactions that met damage: their sources stay."),
    COMPACTION_RETRIES(
            "holdfast_compaction_retries_total",
            Kind.COUNTER,
            "Attempts that were put off, as the store did not answer or memory was " + "short."),
    COMPACTOR_FENCED(
            "holdfast_compactor_fenced_total",
            Kind.COUNTER,
            "How often another became the compactor, and this one stood aside."),
    COMPACTION_SECONDS(
            "holdfast_compaction_seconds_total",
            Kind.COUNTER,
            "How long the published ones took, each from its beginning here."),
    COMPACTION_READ(
            "holdfast_compaction_bytes_read_total",
            Kind.COUNTER,
            "Bytes of the sources of the published ones."),
    COMPACTION_WRITTEN(
            "holdfast_compaction_bytes_written_total",
            Kind.COUNTER,
            "Bytes of tables written, also of those never published."),
    COMPACTION_ROWS(
            "holdfast_compaction_rows_read_total",
            Kind.COUNTER,
            "Rows that the published ones read."),
    COMPACTION_DROPPED(
            "holdfast_compaction_rows_dropped_total",
            Kind.COUNTER,
            "Rows that they dropped, by `reason`: `hidden` by a newer version, "
                    + "`tombstone` with nothing beneath, `expired`."),
    COLLECTIONS("holdfast_collections_total", Kind.COUNTER, "Collections in this process."),
    COLLECTION_FAILURES(
            "holdfast_collection_failures_total", Kind.COUNTER, "Those that ended early."),
    COLLECTION_SECONDS("holdfast_collection_seconds_total", Kind.COUNTER, "How long they took."),
    COLLECTED(
            "holdfast_collected_objects_total",
            Kind.COUNTER,
            "Objects removed, by `kind`: `table`, `log`, `manifest`, " + "`compactor_state`."),
    COLLECTED_BYTES("holdfast_collected_bytes_total", Kind.COUNTER, "Their bytes, by `kind`."),
    COLLECTION_KEPT(
            "holdfast_collection_kept_objects",
            Kind.GAUGE,
            "Objects that the last collection left, by `reason`: `young`, or " + "`needed`."),
    STORE_READS(
            "holdfast_store_reads_total",
            Kind.COUNTER,
            "Requests that read an object or a part of it."),
    STORE_LOOKS(
            "holdfast_store_looks_total",
            Kind.COUNTER,
            "Requests that ask what is known of an object."),
    STORE_LISTINGS("holdfast_store_listings_total", Kind.COUNTER, "Pages of listings."),
    STORE_WRITES(
            "holdfast_store_writes_total",
            Kind.COUNTER,
            "Requests that write an object or a part of it."),
    STORE_DELETES("holdfast_store_deletes_total", Kind.COUNTER, "Requests that remove."),
    STORE_FAILURES(
            "holdfast_store_failures_total",
            Kind.COUNTER,
            "Requests not answered, or answered with a failure."),
    STORE_SLOW_DOWNS(
            "holdfast_store_slow_downs_total",
            Kind.COUNTER,
            "Requests answered with \"slow down\"."),
    STORE_RETRIES(
            "holdfast_store_retries_total",
            Kind.COUNTER,
            "Calls that were repeated, by `reason`: `slow_down`, `not_done` (no "
                    + "connection, or sent back), `no_answer`, `other`."),
    STORE_GIVEN_UP(
            "holdfast_store_given_up_total",
            Kind.COUNTER,
            "Calls that were not repeated any more."),
    STORE_READ("holdfast_store_bytes_read_total", Kind.COUNTER, "Bytes received."),
    STORE_WRITTEN("holdfast_store_bytes_written_total", Kind.COUNTER, "Bytes sent with success."),
    STORE_COST(
            "holdfast_store_cost_nanodollars_total",
            Kind.COUNTER,
            "What the requests cost at the list prices of S3 Standard: an estimate.");

    private final String title;
    private final Kind kind;
    private final String help;

    /// How a figure moves.
    enum Kind {
        /// It rises and falls.
        GAUGE,
        /// It only rises.
        COUNTER;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Metric(String title, Kind kind, String help) {
        this.title = title;
        this.kind = kind;
        this.help = help;
    }

    /// Its name.
    String title() {
        return title;
    }

    Kind kind() {
        return kind;
    }

    /// What it is, in a sentence.
    String help() {
        return help;
    }
}
