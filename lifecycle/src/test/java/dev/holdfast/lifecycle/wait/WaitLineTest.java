package dev.holdfast.lifecycle.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WaitLineTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int WAITERS = 4; // of each who signals
    private static final long ROUNDS = 5_000;

    private final StateWord scope = new StateWord("scope", Env.system());
    private final StateWord word = scope.nest("writer");
    private final WaitLine line =
            new WaitLine(WaitKind.DURABILITY, "seq 7 to be durable", "committer");
    private final AtomicLong durable = new AtomicLong();

    private CompletableFuture<WaitResult> waiter(BooleanSupplier holds, Token token) {
        var result = new CompletableFuture<WaitResult>();
        Thread.ofVirtual().name("put").start(() -> result.complete(await(holds, LONG, token)));
        return result;
    }

    private WaitResult await(BooleanSupplier holds, Duration timeout, Token token) {
        try {
            return line.await(holds, Deadline.after(Env.system(), timeout), token);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private WaitView awaitListed() {
        while (true) {
            List<WaitView> waits = scope.waits();
            if (!waits.isEmpty()) return waits.get(0);
            Thread.onSpinWait();
        }
    }

    private static WaitResult resultOf(CompletableFuture<WaitResult> waiter) throws Exception {
        return waiter.get(30, TimeUnit.SECONDS);
    }

    @Test
    void shouldBeSatisfiedOnceItHolds() throws Exception {
        var waiter = waiter(() -> 7 <= durable.get(), word.token());
        awaitListed();
        durable.set(7);
        line.signalAll();
        assertEquals(WaitResult.SATISFIED, resultOf(waiter));
        assertEquals(List.of(), scope.waits());
        assertTrue(line.isEmpty());
    }

    @Test
    @Tag("LIFE-8")
    void life8ShouldNameWaiterResourceWakerAndDeadline() throws Exception {
        var waiter = waiter(() -> false, word.token());
        WaitView wait = awaitListed();
        assertEquals("put", wait.waiter().getName());
        assertEquals(WaitKind.DURABILITY, wait.kind());
        assertEquals("seq 7 to be durable", wait.resource());
        assertEquals("committer", wait.waker());
        assertTrue(wait.left().compareTo(LONG) <= 0 && wait.left().isPositive());
        scope.advance(State.STOPPED, Level.ABORT);
        assertEquals(WaitResult.CANCELLED, resultOf(waiter));
    }

    @Test
    @Tag("LIFE-8")
    void life8ShouldEndAtItsDeadline() {
        assertEquals(WaitResult.EXPIRED, await(() -> false, SHORT, word.token()));
    }

    @Test
    @Tag("LIFE-9")
    void life9ShouldEndWhenItsWakerHasEnded() throws Exception {
        var waiter = waiter(() -> false, word.token());
        awaitListed();
        scope.announceGone("committer");
        assertEquals(WaitResult.WAKER_GONE, resultOf(waiter));
    }

    @Test
    @Tag("LIFE-11")
    void life11ShouldRefuseToWaitUnderATrackedLock() {
        var lock = new TrackedLock("order", word);
        lock.lock();
        try {
            assertThrows(IllegalStateException.class, () -> await(() -> true, LONG, word.token()));
        } finally {
            lock.unlock();
        }
    }

    @Test
    void shouldKeepNoSeatOfThoseWhoGaveUp() {
        for (int i = 0; i < 10; i++) await(() -> false, Duration.ofMillis(1), word.token());
        assertTrue(line.isEmpty());
    }

    @Test
    void shouldEndWhenInterrupted() throws Exception {
        var thrown = new CompletableFuture<Boolean>();
        Thread waiting =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                Deadline late = Deadline.after(Env.system(), LONG);
                                line.await(() -> false, late, word.token());
                                thrown.complete(false);
                            } catch (InterruptedException interrupted) {
                                thrown.complete(true);
                            }
                        });
        awaitListed();
        waiting.interrupt();
        assertTrue(thrown.get(30, TimeUnit.SECONDS));
        assertTrue(line.isEmpty());
    }

    @Test
    void shouldDoWhatIsToBeDoneOnceWhenItComesTrue() {
        var done = new AtomicLong();
        line.whenTrue(() -> 7 <= durable.get(), done::incrementAndGet);
        line.signalAll();
        assertEquals(0, done.get());
        durable.set(7);
        line.signalAll();
        line.signalAll();
        assertEquals(1, done.get());
        assertTrue(line.isEmpty());
    }

    @Test
    void shouldDoAtOnceWhatHoldsAlready() {
        var done = new AtomicLong();
        line.whenTrue(() -> true, done::incrementAndGet);
        assertEquals(1, done.get());
        assertTrue(line.isEmpty());
    }

    @Test
    void shouldWakeTheOthersWhenWhatIsToBeDoneBreaks() throws Exception {
        var done = new AtomicLong();
        BooleanSupplier holds = () -> 7 <= durable.get();
        line.whenTrue(holds, done::incrementAndGet);
        var waiter = waiter(holds, word.token());
        awaitListed();
        line.whenTrue(
                holds,
                () -> {
                    throw new IllegalStateException("on purpose");
                });
        line.whenTrue(holds, done::incrementAndGet);
        durable.set(7);
        line.signalAll();
        assertEquals(WaitResult.SATISFIED, resultOf(waiter));
        assertEquals(2, done.get());
    }

    // Who asks and who signals meet at each step: each is told, and once.
    @Test
    void shouldDoEachOnceWhileOthersAskAndSignal() throws Exception {
        var done = new AtomicLong();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int asker = 0; asker < WAITERS; asker++)
            all.add(start(() -> ask(durable, done::incrementAndGet)));
        all.add(start(() -> signal(durable)));
        for (var each : all) each.get(50, TimeUnit.SECONDS);
        line.signalAll();
        assertEquals(WAITERS * ROUNDS, done.get());
        assertTrue(line.isEmpty());
    }

    private void ask(AtomicLong mark, Runnable then) {
        for (long round = 1; round <= ROUNDS; round++) {
            long least = round;
            line.whenTrue(() -> least <= mark.get(), then);
        }
    }

    private void signal(AtomicLong mark) {
        for (long round = 1; round <= ROUNDS; round++) {
            mark.set(round);
            line.signalAll();
            Thread.yield();
        }
    }

    // Two who signal, each once for conditions of its own, while the other has seats in hand:
    // nobody is forgotten, or this would end at its timeout.
    @Test
    void shouldForgetNobodyWhileTwoSignal() throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int signaller = 0; signaller < 2; signaller++) {
            var mark = new AtomicLong();
            var arrived = new AtomicLong();
            for (int number = 0; number < WAITERS; number++)
                all.add(start(() -> follow(mark, arrived)));
            all.add(start(() -> lead(mark, arrived)));
        }
        for (var each : all) each.get(50, TimeUnit.SECONDS);
        assertTrue(line.isEmpty());
    }

    private static CompletableFuture<Void> start(Runnable body) {
        return CompletableFuture.runAsync(body, Thread::startVirtualThread);
    }

    private void follow(AtomicLong mark, AtomicLong arrived) {
        for (long round = 1; round <= ROUNDS; round++) {
            long least = round;
            WaitResult result = await(() -> least <= mark.get(), LONG, word.token());
            assertEquals(WaitResult.SATISFIED, result);
            arrived.incrementAndGet();
        }
    }

    private void lead(AtomicLong mark, AtomicLong arrived) {
        for (long round = 1; round <= ROUNDS; round++) {
            mark.set(round);
            line.signalAll();
            while (arrived.get() < round * WAITERS) Thread.yield();
        }
    }
}
