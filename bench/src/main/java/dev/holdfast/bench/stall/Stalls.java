package dev.holdfast.bench.stall;

import dev.holdfast.base.Adapter;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineMemory;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/// One run: fills a database, finds out what it sustains, overwrites it at a share of that, and
/// reports.
@Adapter("files: a database of its own, and the reports")
public final class Stalls {
    private static final Duration REPLACED_KEPT = Duration.ofSeconds(30); // nobody else reads
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration PROBE_MIN = Duration.ofSeconds(20);
    private static final Duration PROBE_MAX = Duration.ofMinutes(3);
    private static final Duration SETTLED = Duration.ofSeconds(5);
    private static final Duration SETTLING_MAX = Duration.ofMinutes(10);
    private static final int SHARE_PERCENT = 50;
    private static final int WRITERS = 64;
    private static final int WRITERS_WHO_WAIT = 1024;
    private static final int DIGITS = 3;

    private final StallOptions options;
    private final String machine;
    private final Env env = Env.system();

    public Stalls(StallOptions options, String machine) {
        this.options = options;
        this.machine = machine;
    }

    /// Runs it, and tells whether no write was held up for more than a second.
    public boolean run() throws IOException, InterruptedException {
        Path data = options.out().resolve("data").toAbsolutePath();
        removeAll(data);
        Files.createDirectories(data);
        try (HoldfastDb db = Engine.open(data.toUri().toString(), settings())) {
            StallReport report = measured(db);
            Files.writeString(options.out().resolve("stalls.json"), report.json());
            Files.writeString(options.out().resolve("stalls.svg"), new LatencyPlot(report).svg());
            System.out.println(report.line());
            System.out.println("see " + options.out().resolve("stalls.svg"));
            return report.stalls() == 0;
        } finally {
            removeAll(data);
        }
    }

    private static Settings settings() {
        return Settings.defaults()
                .but()
                .compaction(CompactionSettings.defaults().withReplacedKept(REPLACED_KEPT))
                .collectionInterval(Duration.ofSeconds(10))
                .collectionMinAge(Duration.ofSeconds(20))
                .build();
    }

    private StallReport measured(HoldfastDb db) throws InterruptedException {
        long keys = options.size().bytes() / Overwriting.VALUE_BYTES;
        int writers = options.durability() == Durability.MEMORY ? WRITERS : WRITERS_WHO_WAIT;
        var load = new Overwriting(db, keys, options.durability(), writers, env);
        say("filling " + options.size());
        load.fill();
        long sustained = options.rate() == 0 ? sustainedRate(db, load) : 0;
        long rate = options.rate() == 0 ? sustained * SHARE_PERCENT / 100 : options.rate();
        say("overwriting at %,d/s for %s".formatted(rate, options.time()));
        var sinceDue = new Histogram(DIGITS);
        var sinceBegun = new Histogram(DIGITS);
        load.takeSinceDue();
        load.takeSinceBegun();
        List<Thread> threads = load.begin(rate, options.time());
        var seconds = new ArrayList<Second>();
        long begun = env.nanoTime();
        long paused = pausedMillis();
        while (threads.stream().anyMatch(Thread::isAlive)) {
            long next = begun + (seconds.size() + 1) * SECOND.toNanos();
            env.sleep(Duration.ofNanos(Math.max(1, next - env.nanoTime())));
            Histogram due = load.takeSinceDue();
            Histogram calls = load.takeSinceBegun();
            sinceDue.add(due);
            sinceBegun.add(calls);
            long pausedNow = pausedMillis();
            seconds.add(second(db.stats(), seconds.size(), due, calls, pausedNow - paused));
            paused = pausedNow;
        }
        load.join(threads, SECOND);
        return new StallReport(machine, options, sustained, rate, sinceDue, sinceBegun, seconds);
    }

    private static Second second(
            DbStats stats, long number, Histogram due, Histogram calls, long pauseMillis) {
        EngineMemory.Usage memory = EngineMemory.ofProcess().usage();
        return new Second(
                number,
                due.getTotalCount(),
                due.getValueAtPercentile(50),
                due.getValueAtPercentile(99),
                due.getMaxValue(),
                calls.getMaxValue(),
                stats.l0Ssts(),
                stats.sortedRuns(),
                stats.frozenMemtables(),
                memory.memtables() + memory.log() + memory.inFlight(),
                pauseMillis);
    }

    // What was written counts only with the time that it took to flush and compact all of it.
    private long sustainedRate(HoldfastDb db, Overwriting load) throws InterruptedException {
        Duration probe = options.time().dividedBy(6);
        if (probe.compareTo(PROBE_MIN) < 0) probe = PROBE_MIN;
        if (PROBE_MAX.compareTo(probe) < 0) probe = PROBE_MAX;
        awaitSettled(db);
        say("writing as fast as it goes for " + probe);
        long begun = env.nanoTime();
        long writes = load.overwrite(probe);
        db.flushMemtables();
        long took = awaitSettled(db) - begun;
        long sustained = Math.max(1, writes * SECOND.toNanos() / took);
        say(
                "%,d writes were digested in %d s: %,d/s"
                        .formatted(writes, took / SECOND.toNanos(), sustained));
        return sustained;
    }

    // When the manifest changed last.
    private long awaitSettled(HoldfastDb db) throws InterruptedException {
        long giveUp = env.nanoTime() + SETTLING_MAX.toNanos();
        long changed = env.nanoTime();
        long manifest = db.stats().manifestId();
        while (env.nanoTime() - changed < SETTLED.toNanos() && env.nanoTime() - giveUp < 0) {
            env.sleep(Duration.ofMillis(50));
            long now = db.stats().manifestId();
            boolean isCompacting =
                    CompactionSettings.defaults().sourcesMin() <= db.stats().l0Ssts();
            if (now != manifest || isCompacting) changed = env.nanoTime();
            manifest = now;
        }
        return changed;
    }

    private static long pausedMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    private static void say(String what) {
        System.out.println(what);
    }

    private static void removeAll(Path directory) throws IOException {
        if (!Files.exists(directory)) return;
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
