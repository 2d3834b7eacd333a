package dev.holdfast.bench.peer;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The tasks: the same for all peers, and for the one in C.
///
/// Each warms up first where it can, as a process that has run for a while is what counts.
final class Tasks {
    private static final int BATCH = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final double MIB = 1 << 20;

    private final Task task;
    private final Supplier<Subject> opening;
    private final Clockwork clock = new Clockwork();
    private final Env env = clock.env();
    private final byte[] value;
    private final AtomicLong nextKey = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /// @param opening the database of the task
    Tasks(Task task, Supplier<Subject> opening) {
        this.task = task;
        this.opening = opening;
        value = Keys.value(Integer.parseInt(task.text("value", "100")));
    }

    /// Does the task. What is open at the end is left open: the process is about to end.
    Figures run() throws InterruptedException {
        return switch (task.name()) {
            case "put" -> put();
            case "batch" -> batch();
            case "get" -> get();
            case "scan" -> scan();
            case "log" -> log();
            case "recover" -> recover();
            case "open" -> open();
            case "close" -> close();
            case "overwrite" -> overwrite();
            case "seek" -> seek();
            case "compact" -> compact();
            case "transact" -> transact();
            case "mix" -> mix();
            case "shut" -> shut();
            default -> throw new IllegalArgumentException("no such task: " + task.name());
        };
    }

    private Figures put() throws InterruptedException {
        Durability durability = task.number("awaited") == 0 ? Durability.MEMORY : Durability.REMOTE;
        try (Subject db = opening.get()) {
            Runnable each = () -> db.put(Keys.of(nextKey.getAndIncrement()), value, durability);
            return forSeconds(db, _ -> each);
        }
    }

    private Figures batch() throws InterruptedException {
        int size = task.count("batch");
        long warm = task.number("warmrows");
        long rows = task.number("rows");
        try (Subject db = opening.get()) {
            putRows(db, warm, size);
            clock.begin();
            putRows(db, warm + rows, size);
            return clock.tell(rows);
        }
    }

    private void putRows(Subject db, long end, int size) throws InterruptedException {
        together(
                db,
                task.count("threads"),
                _ -> {
                    for (long at = nextKey.getAndAdd(size); at < end; at = nextKey.getAndAdd(size))
                        db.putAll(Keys.from(at, size), value);
                });
        nextKey.set(end);
    }

    private long load(Subject db) {
        long rows = task.number("rows");
        for (long first = 0; first < rows; first += BATCH)
            db.putAll(Keys.from(first, (int) Math.min(BATCH, rows - first)), value);
        return rows;
    }

    private Figures get() throws InterruptedException {
        boolean isThere = task.number("missing") == 0;
        try (Subject db = opening.get()) {
            long rows = load(db);
            db.flushTables();
            return forSeconds(
                    db,
                    number -> {
                        var random = new Drawn(number, rows);
                        return () -> {
                            long key = random.next() + (isThere ? 0 : rows);
                            if (db.get(Keys.of(key)) != isThere)
                                throw new AssertionError("found what is not there, or not what is");
                        };
                    });
        }
    }

    private Figures seek() throws InterruptedException {
        try (Subject db = opening.get()) {
            long rows = load(db);
            db.flushTables();
            return forSeconds(
                    db,
                    number -> {
                        var random = new Drawn(number, rows);
                        return () -> {
                            if (!db.seek(Keys.of(random.next())))
                                throw new AssertionError("found none");
                        };
                    });
        }
    }

    private Figures transact() throws InterruptedException {
        try (Subject db = opening.get()) {
            long rows = load(db);
            db.flushTables();
            return forSeconds(
                    db,
                    number -> {
                        var random = new Drawn(number, rows);
                        return () ->
                                db.transfer(Keys.of(random.next()), Keys.of(random.next()), value);
                    });
        }
    }

    private Figures mix() throws InterruptedException {
        try (Subject db = opening.get()) {
            load(db);
            db.flushTables();
            return forSeconds(db, new Mixture(task, db, value)::load);
        }
    }

    private Figures overwrite() throws InterruptedException {
        try (Subject db = opening.get()) {
            long rows = load(db);
            return forSeconds(
                    db,
                    number -> {
                        var random = new Drawn(number, rows);
                        return () -> db.put(Keys.of(random.next()), value, Durability.MEMORY);
                    });
        }
    }

    private Figures scan() {
        try (Subject db = opening.get()) {
            long rows = load(db);
            db.flushTables();
            for (int i = 0; i < task.count("warmscans"); i++) db.scan();
            clock.begin();
            long seen = db.scan();
            Figures figures = clock.tell(seen);
            if (seen != rows) throw new AssertionError("a scan met " + seen + " rows of " + rows);
            return figures;
        }
    }

    // Rows that are in the log alone, left as a crash would leave them.
    private Figures log() {
        Subject db = opening.get();
        clock.begin();
        long rows = load(db);
        db.flushLog();
        return clock.tell(rows);
    }

    private Figures recover() {
        long rows = task.number("rows");
        clock.begin();
        Subject db = opening.get();
        Figures figures = clock.tell(rows);
        if (!db.get(Keys.of(0)) || !db.get(Keys.of(rows - 1)))
            throw new AssertionError("rows are missing");
        return figures;
    }

    private Figures open() {
        try (Subject db = opening.get()) {
            db.put(Keys.of(0), value, Durability.REMOTE);
        }
        int times = task.count("times");
        for (int i = 0; i < task.count("warm"); i++) opening.get().close();
        clock.begin();
        for (int i = 0; i < times; i++) {
            long before = env.nanoTime();
            Subject db = opening.get();
            clock.record(env.nanoTime() - before);
            db.close();
        }
        return clock.tell(times);
    }

    // Closed with rows that are in no table, again and again.
    private Figures shut() {
        int warm = task.count("warm");
        for (int i = 0; i < warm + task.count("times"); i++) {
            if (i == warm) clock.begin();
            Subject db = opening.get();
            load(db);
            long before = env.nanoTime();
            db.close();
            clock.record(env.nanoTime() - before);
        }
        return clock.tell(task.count("times"));
    }

    private Figures close() {
        for (int i = 0; i < task.count("warm"); i++) {
            Subject before = opening.get();
            load(before);
            before.close();
        }
        Subject db = opening.get();
        load(db);
        clock.begin();
        db.close();
        return clock.tell(1);
    }

    // New tables with all rows, and the run of the time before, become one run. Operations are MiB.
    private Figures compact() {
        Subject db = opening.get();
        long rows = task.number("rows");
        for (int time = 0; time < task.count("times"); time++) {
            loadInto(db, rows, task.count("tables"));
            clock.begin();
            db.compact();
        }
        return clock.tell(2 * rows * (double) (value.length + Keys.of(0).length) / MIB);
    }

    private void loadInto(Subject db, long rows, int tables) {
        for (int table = 0; table < tables; table++) {
            for (long at = table; at < rows; at += (long) tables * BATCH)
                db.putAll(everyFrom(at, tables, rows), value);
            db.flushTables();
        }
    }

    private static byte[][] everyFrom(long first, int step, long end) {
        int count = (int) Math.min(BATCH, (end - first + step - 1) / step);
        var keys = new byte[count][];
        for (int i = 0; i < count; i++) keys[i] = Keys.of(first + (long) i * step);
        return keys;
    }

    @FunctionalInterface
    private interface Load {
        Runnable of(int thread);
    }

    // Warms up, and then counts.
    private Figures forSeconds(Subject db, Load load) throws InterruptedException {
        repeat(db, load, Duration.ofSeconds(task.number("warm")));
        done.set(0);
        clock.begin();
        repeat(db, load, Duration.ofSeconds(task.number("seconds")));
        return clock.tell(done.get());
    }

    private void repeat(Subject db, Load load, Duration time) throws InterruptedException {
        long end = env.nanoTime() + time.toNanos();
        together(
                db,
                task.count("threads"),
                number -> {
                    Runnable each = load.of(number);
                    long count = 0;
                    long before = env.nanoTime();
                    while (before - end < 0) {
                        each.run();
                        long after = env.nanoTime();
                        clock.record(after - before);
                        before = after;
                        count++;
                    }
                    done.addAndGet(count);
                });
    }

    private void together(Subject db, int threads, IntConsumer body) throws InterruptedException {
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            started.add(db.start(() -> attempt(() -> body.accept(number))));
        }
        for (Thread thread : started)
            if (!thread.join(PATIENCE)) throw new AssertionError("a thread of the load hangs");
        Throwable thrown = failure.get();
        if (thrown != null) throw new AssertionError(thrown);
    }

    private void attempt(Runnable body) {
        Throwable thrown = dev.holdfast.lifecycle.Task.attempt(body::run);
        if (thrown != null) failure.compareAndSet(null, thrown);
    }
}
