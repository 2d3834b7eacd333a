package dev.holdfast.system.transact;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.transact.Noted;
import dev.holdfast.simulation.transact.NotedText;
import dev.holdfast.simulation.transact.Scene;
import dev.holdfast.simulation.transact.TransactionClient;
import dev.holdfast.simulation.transact.TransactionClient.Habits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// A process whose threads use transactions until it is killed, or has done as many as it was told
/// to. What they are about to commit, and what became of it, it says line by line.
final class TransactionProgram {
    static final String WRONG = "WRONG ";
    private static final int LISTS = 3;
    private static final int PER_LIST = 150;
    private static final int DURABLE = 30;

    private TransactionProgram() {}

    /// `directory level first-number count threads seed`
    public static void main(String[] arguments) throws InterruptedException {
        IsolationLevel level = IsolationLevel.valueOf(arguments[1]);
        int first = Integer.parseInt(arguments[2]);
        var stage = new Stage(first);
        int last = first + Integer.parseInt(arguments[3]);
        var chance = new SplittableRandom(Long.parseLong(arguments[5]));
        var habits = new Habits(level, LISTS, PER_LIST, DURABLE);
        ObjectStore store =
                ObjectStores.open(Path.of(arguments[0]).toUri().toString(), Env.system());
        try (HoldfastDb db =
                Engine.builder(store, "")
                        .settings(settings())
                        .mergeOperator(TransactionClient.APPENDING)
                        .open()) {
            System.out.println("opened");
            List<Thread> threads = new ArrayList<>();
            for (int i = Integer.parseInt(arguments[4]); 0 < i; i--) {
                var client = new TransactionClient(db, stage, habits, chance.split());
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        while (stage.numbers.get() < last) client.run();
                                    } catch (InterruptedException ended) {
                                        stage.never("interrupted");
                                    }
                                }));
            }
            for (Thread each : threads) each.join();
        }
        System.out.println("done");
    }

    private static Settings settings() {
        return Settings.defaults()
                .but()
                .flushInterval(Duration.ofMillis(5))
                .l0SstSize(ByteSize.kibibytes(64))
                .compaction(CompactionSettings.defaults().withTableSize(ByteSize.kibibytes(64)))
                .build();
    }

    /// Says what is noted; its time is the machine's, the same in every process.
    private static final class Stage implements Scene {
        private final AtomicInteger numbers;
        private final AtomicInteger elements;

        Stage(int first) {
            numbers = new AtomicInteger(first);
            elements = new AtomicInteger(8 * first);
        }

        @Override
        public long tick() {
            return System.nanoTime();
        }

        @Override
        public int number() {
            return numbers.getAndIncrement();
        }

        @Override
        public int element() {
            return elements.incrementAndGet();
        }

        @Override
        public void pause() throws InterruptedException {
            Env.system().sleep(Duration.ofNanos(200_000));
        }

        @Override
        public void add(Noted noted) {}

        @Override
        public void committing(Noted noted) {
            System.out.println(NotedText.committing(noted));
        }

        @Override
        public void ended(Noted noted) {
            System.out.println(NotedText.ended(noted));
        }

        @Override
        public void sometimes(String what) {}

        @Override
        public void never(String what) {
            System.out.println(WRONG + what);
        }
    }
}
