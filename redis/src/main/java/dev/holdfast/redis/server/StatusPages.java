package dev.holdfast.redis.server;

import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.Watermarks;
import dev.holdfast.redis.keyspace.KeyCount;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.memory.ResidentMemory;
import dev.holdfast.redis.saving.Saves;
import dev.holdfast.redis.server.ServerStats.Calls;
import dev.holdfast.redis.tracking.Tracking;
import dev.holdfast.redis.watch.CallTimes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The figures of each section of INFO.
final class StatusPages {
    private static final String NO_REPLICATION_ID = "0".repeat(40);

    // Redis's figures of what is not done here: tools look for them all the same.
    private static final List<String> NOT_HERE =
            List.of(
                    "sync_full",
                    "sync_partial_ok",
                    "sync_partial_err",
                    "latest_fork_usec",
                    "total_forks",
                    "migrate_cached_sockets");

    private final ServerParts parts;

    StatusPages(ServerParts parts) {
        this.parts = parts;
    }

    Map<String, Object> server() {
        ServerState state = parts.state();
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("redis_version", ConnectionCommands.REDIS_VERSION);
        page.put("redis_mode", "standalone");
        page.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        page.put("arch_bits", 64);
        page.put("process_id", ProcessHandle.current().pid());
        page.put("run_id", state.runId());
        page.put("tcp_port", state.port());
        page.put("hz", 10);
        page.put("configured_hz", 10);
        page.put("executable", ProcessHandle.current().info().command().orElse(""));
        page.put("config_file", "");
        page.put("server_time_usec", state.nowMillis() * 1000);
        page.put("uptime_in_seconds", state.uptimeSeconds());
        page.put("uptime_in_days", TimeUnit.SECONDS.toDays(state.uptimeSeconds()));
        page.put("server_name", "holdfast");
        return page;
    }

    Map<String, Object> clients() {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("connected_clients", parts.clients().count());
        page.put("cluster_connections", 0);
        page.put("maxclients", parts.config().clientsMax());
        page.put("blocked_clients", parts.crowd().blocked().getAsInt());
        page.put("tracking_clients", parts.crowd().tracked().get().clients());
        page.put("clients_in_timeout_table", 0);
        return page;
    }

    Map<String, Object> memory() {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        DbStats stats = parts.store().db().stats();
        DbStats.Memory engine = stats.memory();
        long data = engine.held() + engine.blocks();
        Map<String, Object> page = new LinkedHashMap<>();
        putBytes(page, "used_memory", used);
        putBytes(page, "used_memory_rss", ResidentMemory.bytes());
        page.put("used_memory_overhead", Math.max(0, used - data));
        page.put("used_memory_dataset", data);
        putBytes(page, "total_system_memory", runtime.maxMemory());
        putBytes(page, "maxmemory", engine.limit());
        page.put("maxmemory_policy", "noeviction");
        page.put("mem_fragmentation_ratio", "1.00");
        page.put("mem_allocator", "jvm");
        page.put("holdfast_memtable_bytes", stats.memtableBytes());
        page.put("holdfast_block_cache_bytes", stats.blocks().bytes());
        page.put("holdfast_log_bytes", engine.log());
        page.put("holdfast_flush_bytes", engine.flush());
        page.put("holdfast_compaction_bytes", engine.compaction());
        page.put("holdfast_read_ahead_bytes", engine.readAhead());
        page.put("holdfast_runs_bytes", parts.store().keyspaces().heldBytes());
        return page;
    }

    private static void putBytes(Map<String, Object> page, String name, long bytes) {
        page.put(name, bytes);
        page.put(name + "_human", human(bytes));
    }

    Map<String, Object> persistence() {
        DbStats stats = parts.store().db().stats();
        Watermarks marks = parts.store().db().watermarks();
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("loading", 0);
        page.put("async_loading", 0);
        page.put("rdb_changes_since_last_save", marks.applied() - marks.remote());
        putSaves(page, parts.store().saves());
        page.put(
                "holdfast_durability", parts.config().durability().name().toLowerCase(Locale.ROOT));
        page.put("holdfast_applied_seq", marks.applied());
        page.put("holdfast_local_durable_seq", marks.local());
        page.put("holdfast_remote_durable_seq", marks.remote());
        putLocal(page);
        page.put("holdfast_manifest_id", stats.manifestId());
        page.put("holdfast_writer_epoch", stats.writerEpoch());
        page.put("holdfast_l0_ssts", stats.l0Ssts());
        page.put("holdfast_sorted_runs", stats.sortedRuns());
        page.put("holdfast_sst_bytes", stats.sstBytes());
        page.put("holdfast_frozen_memtables", stats.frozenMemtables());
        page.put("holdfast_wal_puts", stats.walPuts());
        page.put("holdfast_wal_bytes", stats.walBytes());
        page.put("holdfast_wal_records_replayed", stats.walRecordsReplayed());
        return page;
    }

    private static void putSaves(Map<String, Object> page, Saves saves) {
        Saves.Log last = saves.last();
        page.put("rdb_bgsave_in_progress", saves.isSaving() ? 1 : 0);
        page.put("rdb_last_save_time", last.savedSeconds());
        page.put("rdb_last_bgsave_status", word(last.save()));
        page.put("rdb_last_bgsave_time_sec", last.lastSeconds());
        page.put("rdb_current_bgsave_time_sec", saves.isSaving() ? saves.secondsUnderWay() : -1);
        page.put("rdb_saves", last.count());
        page.put("aof_enabled", 0);
        page.put("aof_rewrite_in_progress", saves.isRewriting() ? 1 : 0);
        page.put("aof_rewrite_scheduled", 0);
        page.put("aof_last_bgrewrite_status", word(last.rewrite()));
        page.put("aof_last_write_status", "ok");
    }

    private static String word(Saves.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private void putLocal(Map<String, Object> page) {
        LocalStatus local = parts.store().db() instanceof HoldfastDb db ? db.local() : null;
        page.put("holdfast_local_log", local == null ? 0 : 1);
        if (local == null) return;
        page.put("holdfast_local_read_only", local.readOnlyWhy().isEmpty() ? 0 : 1);
        page.put("holdfast_unshipped_bytes", local.exposure().bytes());
        page.put("holdfast_unshipped_seconds", local.exposure().age().toSeconds());
    }

    Map<String, Object> stats() {
        DbStats db = parts.store().db().stats();
        Map<String, Object> page = new LinkedHashMap<>(parts.stats().figures());
        page.put("rejected_connections", parts.state().refused());
        Keyspaces.Traffic traffic = parts.store().keyspaces().traffic();
        page.put("expired_keys", traffic.expired().sum());
        page.put("evicted_keys", 0);
        page.put("keyspace_hits", traffic.hits().sum());
        page.put("keyspace_misses", traffic.misses().sum());
        Crowd.Subscribed subscribed = parts.crowd().subscribed();
        page.put("pubsub_channels", subscribed.channels().getAsInt());
        page.put("pubsub_patterns", subscribed.patterns().getAsInt());
        page.put("pubsubshard_channels", subscribed.shardChannels().getAsInt());
        Tracking.Figures tracked = parts.crowd().tracked().get();
        page.put("tracking_total_keys", tracked.keys());
        page.put("tracking_total_items", tracked.items());
        page.put("tracking_total_prefixes", tracked.prefixes());
        for (String none : NOT_HERE) page.put(none, 0);
        page.put("holdfast_block_cache_hits", db.blocks().hits());
        page.put("holdfast_block_cache_misses", db.blocks().misses());
        page.put("holdfast_l0_flushes", db.flushes().count());
        return page;
    }

    Map<String, Object> replication() {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("role", "master");
        page.put("connected_slaves", 0);
        page.put("master_failover_state", "no-failover");
        page.put("master_replid", parts.state().runId());
        page.put("master_replid2", NO_REPLICATION_ID);
        page.put("master_repl_offset", parts.store().db().watermarks().applied());
        page.put("second_repl_offset", -1);
        page.put("repl_backlog_active", 0);
        page.put("repl_backlog_size", 0);
        page.put("repl_backlog_first_byte_offset", 0);
        page.put("repl_backlog_histlen", 0);
        return page;
    }

    Map<String, Object> cpu() {
        Duration used = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("used_cpu_sys", "0.000000"); // the JVM tells both in one
        page.put(
                "used_cpu_user",
                String.format(Locale.ROOT, "%.6f", used.toNanos() / 1_000_000_000.0));
        return page;
    }

    Map<String, Object> commands() {
        Map<String, Object> page = new LinkedHashMap<>();
        parts.stats()
                .calls()
                .forEach((name, calls) -> page.put("cmdstat_" + name, describe(calls)));
        return page;
    }

    Map<String, Object> errors() {
        Map<String, Object> page = new LinkedHashMap<>();
        parts.stats()
                .errors()
                .forEach((code, count) -> page.put("errorstat_" + code, "count=" + count.sum()));
        return page;
    }

    Map<String, Object> latencies() {
        Map<String, Object> page = new LinkedHashMap<>();
        List<Double> percents = parts.config().percentiles();
        parts.stats()
                .times()
                .forEach((name, times) -> {
                    if (0 < times.count())
                        page.put("latency_percentiles_usec_" + name, describe(times, percents));
                });
        return page;
    }

    private static String describe(CallTimes times, List<Double> percents) {
        return percents.stream()
                .map(percent -> "p" + shown(percent) + "=" + times.microsOf(percent))
                .collect(Collectors.joining(","));
    }

    private static String shown(double percent) {
        boolean isWhole = percent == Math.rint(percent);
        return isWhole ? Long.toString((long) percent) : Double.toString(percent);
    }

    Map<String, Object> keyspace() {
        Map<String, Object> page = new LinkedHashMap<>();
        for (int i = 0; i < Keyspaces.COUNT; i++) {
            KeyCount count = keyCount(i);
            if (count.keys() != 0)
                page.put(
                        "db" + i,
                        "keys=" + count.keys() + ",expires=" + count.expires() + ",avg_ttl=0");
        }
        return page;
    }

    Map<String, Object> shutdown() {
        ServerState state = parts.state();
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("shutdown_in_progress", state.isStopping() ? 1 : 0);
        page.put("shutdown_phase", state.stopPhase());
        page.put("shutdown_reason", state.stopReason());
        page.putAll(state.surroundings());
        return page;
    }

    private KeyCount keyCount(int database) {
        try {
            return parts.store().keyspaces().keyCount(database);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            throw new StorageException.Unavailable("interrupted while counting keys", cut);
        }
    }

    private static String describe(Calls calls) {
        long count = calls.count().sum();
        long micros = TimeUnit.NANOSECONDS.toMicros(calls.nanos().sum());
        return String.format(
                Locale.ROOT,
                "calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
                count,
                micros,
                count == 0 ? 0.0 : (double) micros / count,
                calls.rejected().sum(),
                calls.failed().sum());
    }

    private static String human(long bytes) {
        if (bytes < 1024) return bytes + "B";
        double value = bytes;
        int unit = -1;
        while (1024 <= value && unit < 3) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.2f%c", value, "KMGT".charAt(unit));
    }
}
