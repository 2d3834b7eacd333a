package dev.holdfast.app.serve;

import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.upkeep.CollectionReport;
import dev.holdfast.objectstore.api.CachingStore;
import dev.holdfast.objectstore.api.StoreTraffic;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// Figures in the text form that Prometheus scrapes. Not thread-safe.
final class MetricsText {
    private static final int NANO_DIGITS = 9;

    private final StringBuilder text = new StringBuilder();

    /// A figure without parts.
    MetricsText put(Metric metric, long value) {
        return put(metric, "", "", Long.toString(value));
    }

    private MetricsText seconds(Metric metric, long nanos) {
        return put(metric, "", "", inSeconds(nanos));
    }

    private MetricsText put(Metric metric, String label, String part, long value) {
        return put(metric, label, part, Long.toString(value));
    }

    private static String inSeconds(long nanos) {
        return BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros().toPlainString();
    }

    // The parts of a figure follow on each other, under one head.
    private MetricsText put(Metric metric, String label, String part, String value) {
        String head = "# TYPE " + metric.title() + " ";
        if (text.indexOf(head) < 0) {
            String help = metric.help().replace("\\", "\\\\");
            text.append("# HELP ").append(metric.title()).append(' ').append(help).append('\n');
            text.append(head).append(metric.kind().word()).append('\n');
        }
        text.append(metric.title());
        if (!label.isEmpty())
            text.append('{').append(label).append("=\"").append(part).append("\"}");
        text.append(' ').append(value).append('\n');
        return this;
    }

    /// The figures of a database.
    void add(DbStats stats) {
        put(Metric.SEQ_APPLIED, stats.watermarks().applied());
        put(Metric.SEQ_LOCAL, stats.watermarks().local());
        put(Metric.SEQ_REMOTE, stats.watermarks().remote());
        put(Metric.MANIFEST_ID, stats.manifestId());
        put(Metric.WRITER_EPOCH, stats.writerEpoch());
        put(Metric.L0_SSTS, stats.l0Ssts());
        put(Metric.SORTED_RUNS, stats.sortedRuns());
        put(Metric.SST_BYTES, stats.sstBytes());
        put(Metric.CONFLICTS, stats.conflicts());
        addWrites(stats);
        addTransactions(stats);
        addReads(stats.blocks());
        add(stats.filters());
        addWhatKeeps(stats);
        add(stats.memory());
        add(stats.compactions());
        add(stats.collections());
    }

    /// Those of the way from the local disk to the store; all zero where there is no local disk.
    void add(@Nullable LocalStatus local) {
        LocalStatus.Exposure atRisk = local == null ? null : local.exposure();
        put(Metric.UNSHIPPED_BYTES, atRisk == null ? 0 : atRisk.bytes());
        seconds(Metric.UNSHIPPED_SECONDS, atRisk == null ? 0 : atRisk.age().toNanos());
        put(Metric.WAL_ELIDED, local == null ? 0 : local.commitsElided());
        LocalStatus.HeldUp heldUp = local == null ? null : local.heldUp();
        put(Metric.HELD_UP, "reason", "slowed", heldUp == null ? 0 : heldUp.slowed());
        put(Metric.HELD_UP, "reason", "limit", heldUp == null ? 0 : heldUp.stopped());
        seconds(Metric.HELD_UP_SECONDS, heldUp == null ? 0 : heldUp.time().toNanos());
        LocalStatus.Uploads uploads = local == null ? null : local.uploads();
        put(Metric.UPLOADS, uploads == null ? 0 : uploads.count());
        put(Metric.UPLOAD_BYTES, uploads == null ? 0 : uploads.bytes());
        put(Metric.UPLOAD_FAILURES, uploads == null ? 0 : failures(uploads.attempts()));
        put(Metric.UPLOADS_PARKED, uploads == null || uploads.parkedWhy().isEmpty() ? 0 : 1);
    }

    private static long failures(LocalStatus.Uploads.Attempts attempts) {
        return attempts.failures() + attempts.slowDowns();
    }

    private void addWrites(DbStats stats) {
        DbStats.Flushes flushes = stats.flushes();
        put(Metric.MEMTABLE_BYTES, stats.memtableBytes());
        put(Metric.FROZEN_MEMTABLES, stats.frozenMemtables());
        put(Metric.WAL_PUTS, stats.walPuts());
        put(Metric.WAL_BYTES, stats.walBytes());
        put(Metric.WAL_REPLAYED, stats.walRecordsReplayed());
        put(Metric.L0_FLUSHES, flushes.count());
        put(Metric.L0_BYTES, flushes.bytes());
        put(Metric.L0_FAILURES, flushes.failures());
        put(Metric.L0_WAITS, flushes.waits().count());
        seconds(Metric.L0_WAIT_SECONDS, flushes.waits().nanos());
        DbStats.Stalls stalls = stats.stalls();
        put(Metric.STALLS, "reason", "slowed", stalls.slowed().count());
        put(Metric.STALLS, "reason", "own_limit", stalls.ownLimit().count());
        put(Metric.STALLS, "reason", "memory", stalls.memory().count());
        stalled("slowed", stalls.slowed());
        stalled("own_limit", stalls.ownLimit());
        stalled("memory", stalls.memory());
    }

    private void stalled(String reason, DbStats.Waits waits) {
        put(Metric.STALL_SECONDS, "reason", reason, inSeconds(waits.nanos()));
    }

    private void addReads(DbStats.Blocks blocks) {
        put(Metric.CACHE_BYTES, blocks.bytes());
        put(Metric.CACHE_HITS, blocks.hits());
        put(Metric.CACHE_MISSES, blocks.misses());
        put(Metric.AHEAD_PIECES, blocks.aheadPieces());
        put(Metric.AHEAD_BYTES, blocks.aheadBytes());
    }

    private void addTransactions(DbStats stats) {
        DbStats.Transactions transactions = stats.transactions();
        put(Metric.TRANSACTIONS, transactions.open());
        seconds(Metric.TRANSACTION_SECONDS, transactions.oldestNanos());
        put(Metric.TRANSACTION_BYTES, transactions.recentBytes());
        put(Metric.TRANSACTIONS_BEGUN, transactions.begun());
        put(Metric.TRANSACTIONS_COMMITTED, transactions.committed());
        put(Metric.TRANSACTION_CONFLICTS, transactions.conflicts());
        put(Metric.TRANSACTIONS_EXPIRED, transactions.expired());
        put(Metric.INGESTS, stats.ingests().committed());
        put(Metric.INGESTED_ROWS, stats.ingests().rows());
        put(Metric.INGESTED_BYTES, stats.ingests().bytes());
        put(Metric.MERGES, stats.merges().calls());
        put(Metric.MERGE_OPERANDS, stats.merges().operands());
    }

    private void add(DbStats.Filters filters) {
        put(Metric.FILTER_NEGATIVES, "of", "key", filters.keys().denied());
        put(Metric.FILTER_NEGATIVES, "of", "prefix", filters.prefixes().denied());
        put(Metric.FILTER_POSITIVES, "of", "key", filters.keys().admitted());
        put(Metric.FILTER_POSITIVES, "of", "prefix", filters.prefixes().admitted());
        put(Metric.FILTER_FALSE_POSITIVES, "of", "key", filters.keys().inVain());
        put(Metric.FILTER_FALSE_POSITIVES, "of", "prefix", filters.prefixes().inVain());
    }

    private void addWhatKeeps(DbStats stats) {
        put(Metric.SNAPSHOTS, stats.snapshots().count());
        seconds(Metric.SNAPSHOT_SECONDS, stats.snapshots().oldestNanos());
        put(Metric.SNAPSHOT_SEQ, stats.snapshots().oldestSeq());
        put(Metric.CONSUMERS, stats.consumers().count());
        put(Metric.CONSUMER_SEQ, stats.consumers().oldestSeq());
    }

    private void add(DbStats.Memory memory) {
        put(Metric.MEMORY_LIMIT, memory.limit());
        put(Metric.MEMORY_HELD, "use", "memtables", memory.memtables());
        put(Metric.MEMORY_HELD, "use", "log", memory.log());
        put(Metric.MEMORY_HELD, "use", "flush", memory.flush());
        put(Metric.MEMORY_HELD, "use", "compaction", memory.compaction());
        put(Metric.MEMORY_HELD, "use", "read_ahead", memory.readAhead());
        put(Metric.MEMORY_HELD, "use", "blocks", memory.blocks());
        put(Metric.MEMORY_WAITS, memory.flushWaits());
        put(Metric.MEMORY_REFUSALS, memory.refusals());
    }

    private void add(DbStats.Compactions compactions) {
        put(Metric.COMPACTIONS_RUNNING, compactions.running());
        put(Metric.COMPACTIONS, compactions.published());
        put(Metric.COMPACTIONS_GIVEN_UP, compactions.givenUp());
        put(Metric.COMPACTION_RETRIES, compactions.retries());
        put(Metric.COMPACTOR_FENCED, compactions.fenced());
        seconds(Metric.COMPACTION_SECONDS, compactions.nanos());
        put(Metric.COMPACTION_READ, compactions.bytesRead());
        put(Metric.COMPACTION_WRITTEN, compactions.bytesWritten());
        DbStats.Rows rows = compactions.rows();
        put(Metric.COMPACTION_ROWS, rows.read());
        put(Metric.COMPACTION_DROPPED, "reason", "hidden", rows.hidden());
        put(Metric.COMPACTION_DROPPED, "reason", "tombstone", rows.tombstones());
        put(Metric.COMPACTION_DROPPED, "reason", "expired", rows.expired());
    }

    private void add(DbStats.Collections collections) {
        CollectionReport.ByKind removed = collections.removed();
        put(Metric.COLLECTIONS, collections.waits().count());
        put(Metric.COLLECTION_FAILURES, collections.failures());
        seconds(Metric.COLLECTION_SECONDS, collections.waits().nanos());
        put(Metric.COLLECTED, "kind", "table", removed.tables().objects());
        put(Metric.COLLECTED, "kind", "log", removed.logObjects().objects());
        put(Metric.COLLECTED, "kind", "manifest", removed.manifests().objects());
        put(Metric.COLLECTED, "kind", "compactor_state", removed.compactions().objects());
        put(Metric.COLLECTED_BYTES, "kind", "table", removed.tables().bytes());
        put(Metric.COLLECTED_BYTES, "kind", "log", removed.logObjects().bytes());
        put(Metric.COLLECTED_BYTES, "kind", "manifest", removed.manifests().bytes());
        put(Metric.COLLECTED_BYTES, "kind", "compactor_state", removed.compactions().bytes());
        put(Metric.COLLECTION_KEPT, "reason", "young", collections.kept().young());
        put(Metric.COLLECTION_KEPT, "reason", "needed", collections.kept().needed());
    }

    /// The figures of a disk cache.
    void add(CachingStore.Figures cache) {
        put(Metric.DISK_BYTES, cache.bytes());
        put(Metric.DISK_HITS, cache.hits());
        put(Metric.DISK_MISSES, cache.misses());
        put(Metric.DISK_EVICTIONS, cache.evictions());
        put(Metric.DISK_DAMAGED, cache.damaged());
        put(Metric.DISK_FAILURES, cache.failures());
    }

    /// The figures of a store.
    void add(StoreTraffic traffic) {
        put(Metric.STORE_READS, traffic.reads());
        put(Metric.STORE_LOOKS, traffic.looks());
        put(Metric.STORE_LISTINGS, traffic.listings());
        put(Metric.STORE_WRITES, traffic.writes());
        put(Metric.STORE_DELETES, traffic.deletes());
        put(Metric.STORE_FAILURES, traffic.failures());
        put(Metric.STORE_SLOW_DOWNS, traffic.slowDowns());
        StoreTraffic.Retries retries = traffic.retries();
        put(Metric.STORE_RETRIES, "reason", "slow_down", retries.slowDown());
        put(Metric.STORE_RETRIES, "reason", "not_done", retries.notDone());
        put(Metric.STORE_RETRIES, "reason", "no_answer", retries.noAnswer());
        put(Metric.STORE_RETRIES, "reason", "other", retries.other());
        put(Metric.STORE_GIVEN_UP, retries.givenUp());
        put(Metric.STORE_READ, traffic.bytesRead());
        put(Metric.STORE_WRITTEN, traffic.bytesWritten());
        put(Metric.STORE_COST, traffic.costNanoDollars());
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
