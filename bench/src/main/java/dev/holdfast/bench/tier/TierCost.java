package dev.holdfast.bench.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What a commit at LOCAL costs beside a write and a force of the same disk, in turns.
public final class TierCost {
    private static final Duration DELAY = Duration.ofMillis(1);
    private static final Duration TIME = Duration.ofSeconds(2);
    private static final int ROUNDS = 10;
    private static final int ROUNDS_OF_MANY = 3;
    private static final int COMMITS = 300;
    private static final int COMMITS_TO_WARM_UP = 20_000;
    private static final List<Integer> WRITERS = List.of(1, 2, 4, 8, 16, 32, 64);
    private static final double SHARE_OF_MANY = 0.8;

    private final Env env = Env.system();
    private final Path directory;
    private final Verdicts verdicts = new Verdicts();

    /// @param directory that is there, on the disk to be measured
    public TierCost(Path directory) {
        this.directory = directory;
    }

    /// Measures and prints; false if a bound was missed.
    public boolean run() throws DiskException, InterruptedException {
        Disk slow = new SlowDisk(Disk.system(), DELAY, env);
        warmUp();
        oneWriter("each force 1 ms longer", slow, 1.15, 1.5);
        oneWriter("the disk as it is", Disk.system(), 2.5, Double.MAX_VALUE);
        manyWriters(slow);
        deadStore(slow);
        new ShippingCost(directory, env).measure(verdicts);
        return verdicts.areAllMet();
    }

    // So many commits that what is measured afterwards is compiled: with a slow disk that would
    // take most of the time.
    private void warmUp() throws DiskException, InterruptedException {
        var unused = new Samples();
        try (var log = new RawLog(Disk.system(), directory.resolve("raw"), env);
                HoldfastDb db = open(store(), Disk.system())) {
            log.append(COMMITS_TO_WARM_UP, unused);
            var commits = new Commits(db, env);
            commits.one(COMMITS_TO_WARM_UP, unused);
            commits.many(WRITERS.getLast(), TIME);
        }
    }

    private HoldfastDb open(DeadStore store, Disk disk) {
        Path log = directory.resolve("log-" + Long.toHexString(env.randomLong()));
        return Engine.builder(store, "bench").local(LocalSettings.in(log), disk).open();
    }

    private DeadStore store() {
        return new DeadStore(new MemoryStore(), env);
    }

    private void oneWriter(String what, Disk disk, double atMedian, double atTail)
            throws DiskException {
        var raw = new Samples();
        var local = new Samples();
        try (var log = new RawLog(disk, directory.resolve("raw"), env);
                HoldfastDb db = open(store(), disk)) {
            var commits = new Commits(db, env);
            for (int round = 0; round <= ROUNDS; round++) {
                // The first warms up. Who comes first changes, so that a disk that slows down
                // harms both alike.
                if (round % 2 == 0) log.append(COMMITS, raw);
                commits.one(COMMITS, local);
                if (round % 2 != 0) log.append(COMMITS, raw);
                if (round == 0) {
                    raw.clear();
                    local.clear();
                }
            }
        }
        verdicts.atMost(what + ", p50", raw.quantile(0.5), local.quantile(0.5), atMedian);
        verdicts.atMost(what + ", p99", raw.quantile(0.99), local.quantile(0.99), atTail);
    }

    private void manyWriters(Disk disk) throws DiskException, InterruptedException {
        for (int writers : WRITERS) {
            var force = new Samples();
            double best = 0;
            try (var log = new RawLog(disk, directory.resolve("raw"), env);
                    HoldfastDb db = open(store(), disk)) {
                var commits = new Commits(db, env);
                commits.many(writers, TIME);
                for (int round = 0; round < ROUNDS_OF_MANY; round++) {
                    log.append(COMMITS, force);
                    best = Math.max(best, commits.many(writers, TIME));
                }
            }
            double could = writers * 1e9 / force.quantile(0.5);
            verdicts.atLeast(writers + " writers, commits a second", could, best, SHARE_OF_MANY);
        }
    }

    private void deadStore(Disk disk) throws DiskException {
        var alive = new Samples();
        var dead = new Samples();
        DeadStore one = store();
        DeadStore other = store();
        try (HoldfastDb served = open(one, disk);
                HoldfastDb left = open(other, disk)) {
            left.write(new WriteBatch().put(Bytes.utf8("first"), Bytes.EMPTY), Durability.LOCAL);
            other.die();
            for (int round = 0; round <= ROUNDS; round++) {
                new Commits(served, env).one(COMMITS, alive);
                new Commits(left, env).one(COMMITS, dead);
                if (round == 0) {
                    alive.clear();
                    dead.clear();
                }
            }
            other.revive();
        }
        verdicts.atMost("the store is dead, p50", alive.quantile(0.5), dead.quantile(0.5), 1.1);
    }
}
