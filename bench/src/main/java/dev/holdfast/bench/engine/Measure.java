package dev.holdfast.bench.engine;

import static dev.holdfast.bench.engine.Bound.atLeast;
import static dev.holdfast.bench.engine.Bound.atMost;

import dev.holdfast.bench.peer.Task;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// One comparison: what is done by Holdfast and by its peers, and what is to come of it.
///
/// @param name short, for the command line
/// @param title for people
/// @param tasks done one after the other; the last is what is measured
/// @param bounds the peers, too
record Measure(String name, String title, List<Task> tasks, List<Bound> bounds) {
    static final String SLATEDB = "slatedb";
    static final String ROCKSDB = "rocksdb";
    private static final String STORE = "store";
    private static final Set<String> RECOVERY = Set.of("recover", "open");
    private static final Set<String> STOP = Set.of("close", "shut");
    private static final Set<String> APART = Set.of("ycsb", "mix", "memory");

    Measure {
        tasks = List.copyOf(tasks);
        bounds = List.copyOf(bounds);
    }

    static Measure of(String name, String title, String words, Bound... bounds) {
        Task task = Task.parse(List.of(words.split(" ")));
        return new Measure(name, title, List.of(task), List.of(bounds));
    }

    /// All of them.
    static List<Measure> all() {
        return Stream.of(
                        besideSlateDb(),
                        transactions(),
                        besideTheStore(),
                        besideRocksDb(),
                        Mixtures.ycsb(),
                        Mixtures.bencher(),
                        memory())
                .flatMap(List::stream)
                .toList();
    }

    /// True if it is measured with that part of all, or with `engine`.
    boolean isPartOf(String part) {
        return switch (part) {
            case "recovery" -> RECOVERY.contains(name);
            case "stop" -> STOP.contains(name);
            case "ycsb" -> name.startsWith("ycsb");
            case "mixes" -> name.startsWith("mix");
            case "memory" -> name.startsWith("memory");
            default -> !APART.contains(name.replaceFirst("(-|\\d).*", ""));
        };
    }

    /// Beside SlateDB: what a user of both would notice.
    static List<Measure> besideSlateDb() {
        return List.of(
                of(
                        "put",
                        "put 100 B, 64 writers, not awaited",
                        "put threads=64 value=100 awaited=0 warm=4 seconds=5",
                        atLeast(SLATEDB, Metric.RATE, 2),
                        atMost(SLATEDB, Metric.PROCESSOR, 0.5)),
                of(
                        "batch",
                        "batches of 1,000 rows of 100 B",
                        "batch threads=4 batch=1000 value=100 warmrows=1000000 rows=2000000",
                        atLeast(SLATEDB, Metric.RATE, 2),
                        atMost(SLATEDB, Metric.PROCESSOR, 0.5)),
                of(
                        "put1k",
                        "put 1 KiB, 64 writers, not awaited",
                        "put threads=64 value=1024 awaited=0 warm=4 seconds=5",
                        atLeast(SLATEDB, Metric.RATE, 1.5)),
                of(
                        "durable",
                        "durable put, 64 writers, flush every 5 ms",
                        "put threads=64 value=100 awaited=1 flush=5ms warm=3 seconds=5",
                        atLeast(SLATEDB, Metric.RATE, 1.5),
                        atMost(SLATEDB, Metric.P50, 0.5)),
                of(
                        "get",
                        "get, 500,000 rows, hot",
                        "get rows=500000 threads=8 missing=0 warm=4 seconds=5",
                        atLeast(SLATEDB, Metric.RATE, 5),
                        atMost(SLATEDB, Metric.PROCESSOR, 0.2)),
                of(
                        "missing",
                        "get of keys that are not there, 500,000 rows, hot",
                        "get rows=500000 threads=8 missing=1 warm=4 seconds=5",
                        atLeast(SLATEDB, Metric.RATE, 5)),
                of(
                        "scan",
                        "scan of 1,000,000 rows",
                        "scan rows=1000000 warmscans=3",
                        atLeast(SLATEDB, Metric.RATE, 3)),
                recovery(),
                of(
                        "open",
                        "open after a clean close, inside a process that runs",
                        "open times=20 warm=20",
                        atMost(SLATEDB, Metric.P50, 10).orBelow(50_000)),
                of(
                        "shut",
                        "close with 1,000 rows in no table, inside a process that runs",
                        "shut times=20 warm=20 rows=1000",
                        atMost(SLATEDB, Metric.P50, 10).orBelow(50_000)));
    }

    private static List<Measure> transactions() {
        return List.of(
                of(
                        "transact",
                        "transactions that read and write 2 of 10,000 keys, 8 threads",
                        "transact rows=10000 threads=8 value=100 warm=3 seconds=5",
                        atLeast(SLATEDB, Metric.RATE, 1)),
                of(
                        "contend",
                        "transactions that read and write 2 of 16 keys, 16 threads",
                        "transact rows=16 threads=16 value=100 warm=3 seconds=5",
                        atLeast(SLATEDB, Metric.RATE, 1)));
    }

    // Settings are equal: what a memtable and all of them may hold, and the cache of blocks. So is
    // the work: who is asked to write for some seconds holds more the more it writes.
    private static List<Measure> memory() {
        return List.of(
                of(
                        "memory",
                        "memory at most, 5,000,000 rows of 100 B in batches",
                        "batch threads=4 batch=1000 value=100 warmrows=1000000 rows=4000000",
                        atMost(SLATEDB, Metric.PEAK, 1)),
                of(
                        "memory-put",
                        "memory at most, 1,000,000 rows of 100 B one by one, 64 writers",
                        "batch threads=64 batch=1 value=100 warmrows=100000 rows=900000",
                        atMost(SLATEDB, Metric.PEAK, 1)),
                of(
                        "memory-get",
                        "memory at most, 500,000 rows of 100 B read",
                        "get rows=500000 threads=8 missing=0 warm=4 seconds=5",
                        atMost(SLATEDB, Metric.PEAK, 1)));
    }

    /// Beside the store by itself: what it takes to put as much as there is to put.
    static List<Measure> besideTheStore() {
        return List.of(
                of(
                        "durable1",
                        "durable put of one writer, beside a put of an object",
                        "put threads=1 value=100 awaited=1 flush=1ms warm=3 seconds=5",
                        atMost(STORE, Metric.P50, 1.5)),
                of(
                        "close",
                        "close of a process that runs, with 64 MiB in no table, beside an upload",
                        "close rows=560000 memtable=128 warm=3",
                        atMost(STORE, Metric.TIME, 1).plus(200)));
    }

    private static Measure recovery() {
        Task log = Task.parse(List.of("log", "rows=1000000", "memtable=512"));
        Task recover = Task.parse(List.of("recover", "rows=1000000", "memtable=512"));
        return new Measure(
                "recover",
                "open with 1,000,000 rows in the log",
                List.of(log, recover),
                List.of(atMost(SLATEDB, Metric.TIME, 0.4)));
    }

    /// Beside RocksDB, whose log is not synced either.
    static List<Measure> besideRocksDb() {
        return List.of(
                of(
                        "fillrandom",
                        "put 100 B, 8 writers, not awaited",
                        "put threads=8 value=100 awaited=0 warm=4 seconds=5",
                        atLeast(ROCKSDB, Metric.RATE, 0.8)),
                of(
                        "overwrite",
                        "overwrite 100 B of 500,000 rows, 8 writers, not awaited",
                        "overwrite rows=500000 threads=8 warm=4 seconds=5",
                        atLeast(ROCKSDB, Metric.RATE, 0.8)),
                of(
                        "readrandom",
                        "get, 500,000 rows, hot",
                        "get rows=500000 threads=8 missing=0 warm=4 seconds=5",
                        atLeast(ROCKSDB, Metric.RATE, 0.8)),
                of(
                        "seekrandom",
                        "seek and read a row, 500,000 rows, hot",
                        "seek rows=500000 threads=8 warm=4 seconds=5",
                        atLeast(ROCKSDB, Metric.RATE, 0.8)),
                of(
                        "compaction",
                        "MiB compacted: 4 tables and a run into one run",
                        "compact rows=1000000 tables=4 times=4 compacting=no",
                        atLeast(ROCKSDB, Metric.RATE, 0.8)));
    }
}
