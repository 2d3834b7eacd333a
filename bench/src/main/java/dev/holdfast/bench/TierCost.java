package dev.holdfast.bench;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// What a commit at LOCAL takes, beside what the disk alone takes for an append to a file whose
/// room was taken beforehand, and a force: in turns, on one thread, in one directory.
final class TierCost {
    private static final int ROUNDS = 40;
    private static final int COMMITS = 100; // in a round, of each kind
    private static final int WARM_UP = 8; // rounds that do not count
    private static final int VALUE_BYTES = 100;
    private static final int RECORD_BYTES = 192; // what such a commit takes in the local log

    private final Env env = Env.system();
    private final Disk disk = Disk.system();
    private final Path directory;
    private final long[] raw = new long[(ROUNDS - WARM_UP) * COMMITS];
    private final long[] local = new long[(ROUNDS - WARM_UP) * COMMITS];

    private long forces;

    /// @param directory that is there, on the disk to be measured
    TierCost(Path directory) {
        this.directory = directory;
    }

    void measure() throws DiskException {
        Path file = directory.resolve("raw");
        Path log = directory.resolve("local-log-" + Long.toHexString(env.randomLong()));
        try (DiskFile open = disk.open(file, OpenMode.CREATE);
                HoldfastDb db =
                        Engine.builder(new MemoryStore(), "bench")
                                .local(LocalSettings.in(log))
                                .open()) {
            open.preallocate((long) ROUNDS * COMMITS * RECORD_BYTES);
            open.force(Force.METADATA);
            for (int round = 0; round < ROUNDS; round++) {
                // Who comes first changes, so that a disk that slows down harms both alike.
                if (round % 2 == 0) rawRound(open, round);
                localRound(db, round);
                if (round % 2 != 0) rawRound(open, round);
            }
            LocalStatus status = db.local();
            forces = status == null ? 0 : status.forces();
        }
        disk.delete(file);
    }

    private void rawRound(DiskFile file, int round) throws DiskException {
        Bytes record = Bytes.wrap(new byte[RECORD_BYTES]);
        for (int i = 0; i < COMMITS; i++) {
            long before = env.nanoTime();
            file.write(List.of(record), (long) (round * COMMITS + i) * RECORD_BYTES);
            file.force(Force.CONTENT);
            note(raw, round, i, env.nanoTime() - before);
        }
    }

    private void localRound(HoldfastDb db, int round) {
        Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);
        for (int i = 0; i < COMMITS; i++) {
            var batch = new WriteBatch().put(Bytes.utf8("key " + i), value);
            long before = env.nanoTime();
            db.write(batch, Durability.LOCAL);
            note(local, round, i, env.nanoTime() - before);
        }
    }

    private static void note(long[] figures, int round, int commit, long nanos) {
        if (WARM_UP <= round) figures[(round - WARM_UP) * COMMITS + commit] = nanos;
    }

    /// A line for each quantile.
    List<String> lines() {
        return List.of(line("p50", 0.50), line("p99", 0.99));
    }

    /// How many forces the local log took for how many commits.
    String forces() {
        return "%,d commits in %,d forces".formatted(ROUNDS * COMMITS, forces);
    }

    private String line(String name, double at) {
        long rawNanos = quantile(raw, at);
        long localNanos = quantile(local, at);
        return "%-4s %12.1f %12.1f %8.2f"
                .formatted(
                        name,
                        rawNanos / 1000.0,
                        localNanos / 1000.0,
                        (double) localNanos / rawNanos);
    }

    private static long quantile(long[] figures, double at) {
        long[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[(int) (at * (sorted.length - 1))];
    }
}
