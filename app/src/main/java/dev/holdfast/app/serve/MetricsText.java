package dev.holdfast.app.serve;

import dev.holdfast.engine.api.DbStats;
import dev.holdfast.objectstore.api.StoreTraffic;

/// Figures in the text form that Prometheus scrapes. Not thread-safe.
final class MetricsText {
    private final StringBuilder text = new StringBuilder();

    /// A figure that rises and falls.
    void gauge(String name, long value) {
        sample(name, "gauge", value);
    }

    /// A figure that only rises.
    void counter(String name, long value) {
        sample(name, "counter", value);
    }

    /// The figures of a database.
    void add(DbStats stats) {
        gauge("holdfast_manifest_id", stats.manifestId());
        gauge("holdfast_writer_epoch", stats.writerEpoch());
        gauge("holdfast_l0_ssts", stats.l0Ssts());
        gauge("holdfast_sorted_runs", stats.sortedRuns());
        gauge("holdfast_sst_bytes", stats.sstBytes());
        gauge("holdfast_memtable_bytes", stats.memtableBytes());
        gauge("holdfast_frozen_memtables", stats.frozenMemtables());
        counter("holdfast_wal_puts_total", stats.walPuts());
        counter("holdfast_wal_bytes_total", stats.walBytes());
        counter("holdfast_l0_flushes_total", stats.l0Flushes());
        gauge("holdfast_block_cache_bytes", stats.blockCacheBytes());
        counter("holdfast_block_cache_hits_total", stats.blockCacheHits());
        counter("holdfast_block_cache_misses_total", stats.blockCacheMisses());
        gauge("holdfast_seq_applied", stats.watermarks().applied());
        gauge("holdfast_seq_remote", stats.watermarks().remote());
    }

    /// The figures of a store.
    void add(StoreTraffic traffic) {
        counter("holdfast_store_reads_total", traffic.reads());
        counter("holdfast_store_looks_total", traffic.looks());
        counter("holdfast_store_listings_total", traffic.listings());
        counter("holdfast_store_writes_total", traffic.writes());
        counter("holdfast_store_deletes_total", traffic.deletes());
        counter("holdfast_store_failures_total", traffic.failures());
        counter("holdfast_store_slow_downs_total", traffic.slowDowns());
        counter("holdfast_store_bytes_read_total", traffic.bytesRead());
        counter("holdfast_store_bytes_written_total", traffic.bytesWritten());
        counter("holdfast_store_cost_nanodollars_total", traffic.costNanoDollars());
    }

    private void sample(String name, String kind, long value) {
        text.append("# TYPE ").append(name).append(' ').append(kind).append('\n');
        text.append(name).append(' ').append(value).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
