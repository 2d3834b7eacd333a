package dev.holdfast.bench.growth;

import com.sun.management.OperatingSystemMXBean;
import dev.holdfast.base.Adapter;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.bench.peer.Drawn;
import dev.holdfast.bench.peer.Keys;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One run: a database that grows step by step, measured after each.
@Adapter("files: a database of its own, and the reports")
public final class Growth {
    private static final int BATCH = 100;
    private static final int VALUE_BYTES = 100;
    private static final int GETS = 20_000;

    private final GrowthOptions options;
    private final String machine;
    private final Env env = Env.system();
    private final OperatingSystemMXBean process =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Bytes value = Bytes.wrap(Keys.value(VALUE_BYTES));
    private final List<Step> steps = new ArrayList<>();
    private long rows;

    /// @param machine that it is measured on, in words
    public Growth(GrowthOptions options, String machine) {
        this.options = options;
        this.machine = machine;
    }

    /// Runs it, prints each step, and returns how many there were.
    public int run() throws IOException {
        Path data = options.out().resolve("data");
        removeAll(data);
        Files.createDirectories(data);
        try (HoldfastDb db = Engine.open(data.toUri().toString(), Settings.defaults())) {
            for (int step = 1; step <= options.steps(); step++) {
                steps.add(grown(db, options.rows() / BATCH * step / options.steps() * BATCH));
                System.out.println(steps.getLast().line());
                report();
            }
        } finally {
            removeAll(data);
        }
        return steps.size();
    }

    private Step grown(HoldfastDb db, long end) {
        long more = end - rows;
        long processor = process.getProcessCpuTime();
        long begun = env.nanoTime();
        while (rows < end) putBatch(db);
        double putNanos = (env.nanoTime() - begun) / (double) more;
        double processorNanos = (process.getProcessCpuTime() - processor) / (double) more;
        Step.Gets gets = gets(db);
        DbStats stats = db.stats();
        long written =
                stats.walBytes() + stats.flushes().bytes() + stats.compactions().bytesWritten();
        double times = written / (rows * (double) (Keys.of(0).length + VALUE_BYTES));
        return new Step(
                rows, putNanos, processorNanos, gets, stats.l0Ssts(), stats.sortedRuns(), times);
    }

    private void putBatch(HoldfastDb db) {
        var batch = new WriteBatch();
        for (byte[] key : Keys.from(rows, BATCH)) batch.put(Bytes.wrap(key), value);
        db.write(batch, Durability.MEMORY);
        rows += BATCH;
    }

    private Step.Gets gets(HoldfastDb db) {
        var random = new Drawn(steps.size(), rows);
        long missed = db.stats().blocks().misses();
        long processor = threads.getCurrentThreadCpuTime();
        long begun = env.nanoTime();
        for (int i = 0; i < GETS; i++)
            if (db.get(Bytes.wrap(Keys.of(random.next()))) == null)
                throw new AssertionError("a row is missing");
        return new Step.Gets(
                (env.nanoTime() - begun) / (double) GETS,
                (threads.getCurrentThreadCpuTime() - processor) / (double) GETS,
                (db.stats().blocks().misses() - missed) / (double) GETS);
    }

    private void report() throws IOException {
        Files.writeString(options.out().resolve("growth.json"), json());
        Files.writeString(options.out().resolve("growth.svg"), new GrowthPlot(steps).svg(machine));
    }

    private String json() {
        return """
        {
          "machine": "%s",
          "columns": ["rows", "putNanos", "processorNanos", "getNanos",
                      "getProcessorNanos", "getBlocks", "l0", "runs", "written"],
          "steps": [
        %s
          ]
        }
        """
                .formatted(
                        machine.replace('"', '\''),
                        steps.stream().map(Step::json).collect(Collectors.joining(",\n")));
    }

    private static void removeAll(Path directory) throws IOException {
        if (!Files.exists(directory)) return;
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }
}
