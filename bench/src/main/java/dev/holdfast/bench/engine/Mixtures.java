package dev.holdfast.bench.engine;

import static dev.holdfast.bench.engine.Bound.atLeast;

import java.util.List;

/// Measures of reads and writes side by side, as others have defined them.
final class Mixtures {
    private static final String HEAD = "mix rows=500000 warm=4 seconds=5";

    private Mixtures() {}

    /// The core workloads of YCSB: rows of 1,000 bytes; keys by Zipf's law, but the latest ones in
    /// D; scans of up to 100 rows in E.
    static List<Measure> ycsb() {
        return List.of(
                core("a", "half reads, half updates", "reads=50 updates=50 keys=zipfian"),
                core("b", "reads, 5 % updates", "reads=95 updates=5 keys=zipfian"),
                core("c", "reads", "reads=100 keys=zipfian"),
                core("d", "reads of the latest, 5 % inserts", "reads=95 inserts=5 keys=latest"),
                core("e", "short scans, 5 % inserts", "scans=95 inserts=5 keys=zipfian"),
                core("f", "half reads, half changes", "reads=50 changes=50 keys=zipfian"));
    }

    private static Measure core(String letter, String what, String words) {
        return Measure.of(
                "ycsb-" + letter,
                "YCSB %s: %s, 8 threads".formatted(letter, what),
                HEAD + " threads=8 value=1000 " + words,
                atLeast(Measure.SLATEDB, Metric.RATE, 1),
                atLeast(Measure.ROCKSDB, Metric.RATE, 0.8));
    }

    /// The workloads of SlateDB's bencher: a share of puts among gets, keys drawn evenly, values of
    /// 1 KiB, by how many at once.
    static List<Measure> bencher() {
        return List.of(mix(20, 4), mix(50, 4), mix(80, 4), mix(50, 1), mix(50, 64));
    }

    private static Measure mix(int puts, int threads) {
        return Measure.of(
                "mix" + puts + (threads == 4 ? "" : "x" + threads),
                "%d %% puts among gets, %d threads".formatted(puts, threads),
                HEAD
                        + " threads=%d value=1024 keys=uniform reads=%d updates=%d"
                                .formatted(threads, 100 - puts, puts),
                atLeast(Measure.SLATEDB, Metric.RATE, 1));
    }
}
