package dev.holdfast.redis.admin;

import dev.holdfast.engine.api.DbStats;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// What the process keeps in memory at a moment.
///
/// @param used of the heap, garbage included
/// @param committed what the heap has taken of the system
/// @param heapMax what it may take
/// @param data of that, what the engine keeps
/// @param keys how many keys there are, in memory or not
public record MemoryFigures(long used, long committed, long heapMax, Kept data, long keys) {
    /// What the engine keeps.
    ///
    /// @param held memtables, logs, and what is on its way to or from the store
    public record Kept(long held, long blocks) {
        long bytes() {
            return held + blocks;
        }
    }

    /// The figures of this moment.
    public static MemoryFigures now(DbStats db, long keys) {
        Runtime runtime = Runtime.getRuntime();
        long committed = runtime.totalMemory();
        var kept = new Kept(db.memory().held(), db.memory().blocks());
        return new MemoryFigures(
                committed - runtime.freeMemory(), committed, runtime.maxMemory(), kept, keys);
    }

    /// What MEMORY STATS shows, by Redis's names where it has them: a `Long` or a `Double` each.
    Map<String, Object> statistics() {
        long overhead = Math.max(0, used - data.bytes());
        SequencedMap<String, Object> shown = new LinkedHashMap<>();
        shown.put("peak.allocated", committed);
        shown.put("total.allocated", used);
        shown.put("startup.allocated", 0L);
        shown.put("replication.backlog", 0L);
        shown.put("clients.slaves", 0L);
        shown.put("clients.normal", 0L);
        shown.put("cluster.links", 0L);
        shown.put("aof.buffer", 0L);
        shown.put("lua.caches", 0L);
        shown.put("functions.caches", 0L);
        shown.put("overhead.total", overhead);
        shown.put("keys.count", keys);
        shown.put("keys.bytes-per-key", keys == 0 ? 0L : data.bytes() / keys);
        shown.put("dataset.bytes", data.bytes());
        shown.put("dataset.percentage", percent(data.bytes(), used));
        shown.put("peak.percentage", percent(used, committed));
        shown.put("allocator.allocated", used);
        shown.put("allocator.active", committed);
        shown.put("allocator.resident", committed);
        shown.put("holdfast.heap.max", heapMax);
        shown.put("holdfast.held.bytes", data.held);
        shown.put("holdfast.blocks.bytes", data.blocks);
        return shown;
    }

    private static Double percent(long part, long whole) {
        return whole == 0 ? 0.0 : 100.0 * part / whole;
    }
}
