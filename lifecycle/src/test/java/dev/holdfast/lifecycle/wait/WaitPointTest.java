package dev.holdfast.lifecycle.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WaitPointTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final StateWord scope = new StateWord("scope", Env.system());
    private final StateWord word = scope.nest("writer");
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitPoint durable =
            new WaitPoint(lock, WaitKind.DURABILITY, "seq 7 to be durable", "uploader");
    private boolean isDurable; // guarded by `lock`

    private CompletableFuture<WaitResult> waiter(Duration timeout, Token token) {
        var result = new CompletableFuture<WaitResult>();
        Thread.ofVirtual().name("put").start(() -> result.complete(await(timeout, token)));
        return result;
    }

    private WaitResult await(Duration timeout, Token token) {
        lock.lock();
        try {
            return durable.await(() -> isDurable, Deadline.after(Env.system(), timeout), token);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        } finally {
            lock.unlock();
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
        return waiter.get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldBeSatisfiedOnceItHolds() throws Exception {
        var waiter = waiter(LONG, word.token());
        awaitListed();
        lock.lock();
        isDurable = true;
        durable.signalAll();
        lock.unlock();
        assertEquals(WaitResult.SATISFIED, resultOf(waiter));
        assertEquals(List.of(), scope.waits());
    }

    @Test
    @Tag("LIFE-8")
    void life8ShouldNameWaiterResourceWakerAndDeadline() throws Exception {
        var waiter = waiter(LONG, word.token());
        WaitView wait = awaitListed();
        assertEquals("put", wait.waiter().getName());
        assertEquals("writer", wait.party());
        assertEquals(WaitKind.DURABILITY, wait.kind());
        assertEquals("seq 7 to be durable", wait.resource());
        assertEquals("uploader", wait.waker());
        assertTrue(wait.left().compareTo(LONG) <= 0 && wait.left().isPositive());
        scope.advance(State.STOPPED, Level.ABORT);
        assertEquals(WaitResult.CANCELLED, resultOf(waiter));
    }

    @Test
    @Tag("LIFE-8")
    void life8ShouldEndAtItsDeadline() {
        assertEquals(WaitResult.EXPIRED, await(Duration.ofMillis(20), word.token()));
    }

    @Test
    @Tag("LIFE-9")
    @Tag("INC-2")
    void life9ShouldEndWhenItsWakerHasEnded() throws Exception {
        var waiter = waiter(LONG, word.token());
        awaitListed();
        scope.announceGone("uploader");
        assertEquals(WaitResult.WAKER_GONE, resultOf(waiter));
    }

    @Test
    @Tag("LIFE-9")
    void life9ShouldNotBeginWhenItsWakerHasEndedBefore() {
        scope.announceGone("uploader");
        assertEquals(WaitResult.WAKER_GONE, await(LONG, word.token()));
    }

    @Test
    void shouldGoOnThroughADrainAndEndAtAnAbort() throws Exception {
        var waiter = waiter(LONG, word.token());
        awaitListed();
        scope.advance(State.DRAINING, Level.DRAIN);
        assertThrows(
                java.util.concurrent.TimeoutException.class,
                () -> waiter.get(50, TimeUnit.MILLISECONDS));
        word.advance(State.DRAINING, Level.ABORT);
        assertEquals(WaitResult.CANCELLED, resultOf(waiter));
    }

    @Test
    void shouldEndAtADrainIfAskedTo() throws Exception {
        var waiter = waiter(LONG, word.token().untilDrain());
        awaitListed();
        scope.advance(State.DRAINING, Level.DRAIN);
        assertEquals(WaitResult.CANCELLED, resultOf(waiter));
    }

    @Test
    void shouldEndWhenALinkedTokenIsCancelled() throws Exception {
        var timeline = new StateWord("timeline", Env.system());
        var waiter = waiter(LONG, word.token().linkedWith(timeline.token()));
        awaitListed();
        timeline.advance(State.STOPPED, Level.ABORT);
        assertEquals(WaitResult.CANCELLED, resultOf(waiter));
        assertEquals(List.of(), timeline.waits());
    }

    @Test
    @Tag("LIFE-11")
    @Tag("INC-2")
    void life11ShouldRefuseToWaitUnderATrackedLock() {
        var partition = new TrackedLock("partition 3", scope);
        partition.lock();
        try {
            var refused =
                    assertThrows(IllegalStateException.class, () -> await(LONG, word.token()));
            assertTrue(refused.getMessage().contains("lock partition 3"), refused.getMessage());
            assertThrows(
                    IllegalStateException.class, () -> word.token().pause(Duration.ofMillis(1)));
        } finally {
            partition.unlock();
        }
    }

    @Test
    void shouldWaitForATrackedLockWithADeadline() throws Exception {
        var partition = new TrackedLock("partition 3", scope);
        partition.lock();
        var result = new CompletableFuture<WaitResult>();
        Deadline soon = Deadline.after(Env.system(), Duration.ofMillis(30));
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        result.complete(partition.lock(soon, word.token()));
                    } catch (InterruptedException interrupted) {
                        result.completeExceptionally(interrupted);
                    }
                });
        assertEquals(WaitResult.EXPIRED, resultOf(result));
        partition.unlock();
    }

    @Test
    void shouldKeepAnInterruptForLaterWhenAskedNotToBeInterrupted() {
        Thread.currentThread().interrupt();
        lock.lock();
        WaitResult result =
                durable.awaitUninterruptibly(
                        () -> false,
                        Deadline.after(Env.system(), Duration.ofMillis(20)),
                        word.token());
        lock.unlock();
        assertEquals(WaitResult.EXPIRED, result);
        assertTrue(Thread.interrupted());
    }

    @Test
    void shouldNeedItsLock() {
        assertThrows(
                IllegalArgumentException.class,
                () -> durable.await(() -> true, Deadline.after(Env.system(), LONG), word.token()));
        assertThrows(IllegalArgumentException.class, durable::signalAll);
    }

    @Test
    void shouldPauseUntilTheTimeIsUpOrTheTokenIsCancelled() throws Exception {
        assertEquals(WaitResult.EXPIRED, word.token().pause(Duration.ofMillis(5)));
        scope.advance(State.STOPPED, Level.ABORT);
        assertEquals(WaitResult.CANCELLED, word.token().pause(LONG));
    }
}
