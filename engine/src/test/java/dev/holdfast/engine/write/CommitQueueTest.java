package dev.holdfast.engine.write;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class CommitQueueTest {
    private static final int WRITERS = 6;
    private static final int ROUNDS = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofMillis(500);
    private static final Env ENV = Env.system();

    private final AtomicLong slow = new AtomicLong();
    private final AtomicLong local = new AtomicLong();
    private final Queue<Commit> asleep = new ConcurrentLinkedQueue<>();
    private final CommitQueue queue = new CommitQueue(ENV, this::mustWake);
    private volatile long appended;

    private boolean mustWake(Commit commit) {
        return !commit.isAwaited()
                || commit.isForItsWriter()
                || commit.committedSeq() <= local.get();
    }

    @Test
    void shouldLeaveNobodyAsleepWhoseCommitWasForcedOrRefusedOrIsToLead() throws Exception {
        var barrier = new CyclicBarrier(WRITERS, asleep::clear);
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            try {
                threads.submit(this::forceUntilInterrupted);
                List<Future<?>> writers = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    int number = i;
                    writers.add(threads.submit(() -> writeRounds(number, barrier)));
                }
                for (Future<?> writer : writers) writer.get(1, TimeUnit.MINUTES);
            } finally {
                threads.shutdownNow();
            }
        }
        assertTrue(0 < appended, "nothing was committed");
        assertTrue(slow.get() < 5, "told late of a decision: " + slow);
    }

    private Void writeRounds(int number, CyclicBarrier barrier) throws Exception {
        var random = new SplittableRandom(number);
        for (int round = 0; round < ROUNDS; round++) {
            barrier.await(1, TimeUnit.MINUTES);
            switch (random.nextInt(8)) {
                case 0 -> queue.inOrder(CommitQueueTest::linger);
                case 1 -> queue.pass(good(), this::decide);
                case 3, 4, 5 -> {
                    long begun = System.nanoTime();
                    givenUp(good());
                    if (LONG.toNanos() < System.nanoTime() - begun) slow.incrementAndGet();
                }
                case 2 -> assertThrows(Conflict.class, written(bad())::outcome);
                default -> awaitForced(written(good()).outcome());
            }
        }
        return null;
    }

    private static Commit good() {
        return new Commit(new WriteBatch(), null, null);
    }

    // Known by its options.
    private static Commit bad() {
        return new Commit(new WriteBatch(), WriteBatch.Options.of(Durability.LOCAL));
    }

    // As a writer does whose wait for the local log was cut short.
    private void givenUp(Commit commit) {
        commit.sleepUntilLocal();
        queue.join(commit);
        if (!queue.hasDecided(commit, this::decide)) queue.settle(commit, this::decide);
    }

    // As a writer does who waits for the local log.
    private Commit written(Commit commit) {
        commit.sleepUntilLocal();
        queue.join(commit);
        while (!queue.hasDecided(commit, this::decide)) {
            asleep.add(commit);
            long giveUp = System.nanoTime() + PATIENCE.toNanos();
            while (!isOver(commit) && System.nanoTime() - giveUp < 0)
                LockSupport.parkNanos(PATIENCE.toNanos());
            assertTrue(System.nanoTime() - giveUp < 0, "nobody woke it");
        }
        return commit;
    }

    private boolean isOver(Commit commit) {
        long seq = commit.committedSeq();
        return (seq != 0 && seq <= local.get()) || commit.isForItsWriter();
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // inside the order
    private void decide(Commit commit) {
        if (commit.options() != null) {
            commit.fail(new Conflict("refused"));
            return;
        }
        appended++;
        linger(); // the log may have it before it is decided
        commit.succeed(appended);
    }

    private static void linger() {
        for (int i = 0; i < 2_000; i++) Thread.onSpinWait();
    }

    private void awaitForced(long seq) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (local.get() < seq) {
            assertTrue(System.nanoTime() - giveUp < 0, "never forced");
            Thread.onSpinWait();
        }
    }

    // Each force wakes those that it made durable, once.
    private void forceUntilInterrupted() {
        while (!Thread.interrupted()) {
            long seen = appended;
            if (local.get() == seen) continue;
            local.set(seen);
            for (Commit each : asleep) if (isOver(each)) each.wake();
        }
    }
}
