package dev.holdfast.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What could lead a simulation astray: either it is part of the run, the same every time, or the
/// run fails and names it.
@Timeout(120)
class TrapsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final ThreadLocal<Integer> SEVEN = ThreadLocal.withInitial(() -> 7);
    private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

    /// What a thread of a simulation does.
    private interface Body {
        void run(Simulation simulation) throws Exception;
    }

    private static void tell(Simulation simulation, Body body) {
        simulation.world().start("trapped", () -> act(simulation, body));
        simulation.run(HOUR);
    }

    private static void act(Simulation simulation, Body body) {
        try {
            body.run(simulation);
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static Simulation same(Body body) {
        return Simulation.twice(5, simulation -> tell(simulation, body));
    }

    private static String failureOf(Body body) {
        var failure = assertThrows(AssertionError.class, () -> tell(new Simulation(5), body));
        return failure.getMessage();
    }

    @Test
    void shouldSleepInVirtualTime() {
        Simulation run = same(simulation -> TimeUnit.SECONDS.sleep(10));
        assertEquals(10, run.elapsed().toSeconds());
    }

    @Test
    void shouldWaitInAMonitorInVirtualTime() {
        Object monitor = new Object();
        Simulation run =
                same(simulation -> {
                    synchronized (monitor) {
                        monitor.wait(5_000);
                    }
                });
        assertEquals(5, run.elapsed().toSeconds());
    }

    @Test
    void shouldHandMonitorsOverInTheSameOrder() {
        same(simulation -> {
            Object monitor = new Object();
            for (int i = 0; i < 8; i++) {
                int own = i;
                Thread.ofVirtual()
                        .start(() -> {
                            synchronized (monitor) {
                                simulation.trace("inside: " + own);
                                Thread.yield();
                                simulation.trace("leaves: " + own);
                            }
                        });
            }
        });
    }

    @Test
    void shouldInterruptASleeper() {
        Simulation run =
                same(simulation -> {
                    Thread sleeper = Thread.currentThread();
                    Thread.ofVirtual().start(sleeper::interrupt);
                    assertThrows(InterruptedException.class, () -> TimeUnit.SECONDS.sleep(60));
                    simulation.trace("interrupted at " + System.nanoTime());
                });
        assertTrue(run.elapsed().toSeconds() < 60, run.elapsed().toString());
    }

    @Test
    void shouldJoinWithATimeoutAndKeepThreadLocalsAndScopedValues() {
        same(simulation -> {
            Thread other = Thread.ofVirtual().start(() -> pause(50_000));
            simulation.trace("" + other.join(Duration.ofSeconds(2)) + SEVEN.get());
            ScopedValue.where(SCOPED, "scoped").run(() -> simulation.trace(SCOPED.get()));
        });
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void shouldTryLocksInVirtualTime() {
        same(simulation -> {
            var shared = new ReentrantReadWriteLock();
            var stamped = new StampedLock();
            shared.writeLock().lock();
            CompletableFuture<Boolean> tried = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(() ->
                            act(
                                    simulation,
                                    run ->
                                            tried.complete(
                                                    shared.readLock()
                                                            .tryLock(1, TimeUnit.SECONDS))));
            assertEquals(false, tried.get(5, TimeUnit.SECONDS));
            assertNotEquals(0, stamped.tryWriteLock(1, TimeUnit.SECONDS));
        });
    }

    @Test
    void shouldTimeOutOfAFutureInVirtualTime() {
        Simulation run =
                same(simulation ->
                        assertThrows(
                                TimeoutException.class,
                                () -> new CompletableFuture<String>().get(30, TimeUnit.SECONDS)));
        assertEquals(30, run.elapsed().toSeconds());
    }

    @Test
    void shouldRunAnExecutorOfVirtualThreads() {
        same(simulation -> {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var five = threads.submit(() -> 5);
                simulation.trace("" + five.get(1, TimeUnit.SECONDS));
            }
        });
    }

    @Test
    void shouldReadCollectionsClocksAndRandomNumbersTheSameWay() {
        same(simulation -> {
            simulation.trace("" + Set.of("p", "q", "r", "s") + Map.of("a", 1, "b", 2));
            simulation.trace("" + ThreadLocalRandom.current().nextLong());
            simulation.trace("" + Instant.now() + System.currentTimeMillis());
            simulation.trace("" + Thread.State.BLOCKED.hashCode());
        });
    }

    /// Takes a lock that real threads take too, as the handler that writes to a console does.
    private static final class Console extends Handler {
        private final List<String> shown = new ArrayList<>();

        @Override
        public synchronized void publish(LogRecord line) {
            shown.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void shouldLogNowhere() {
        var console = new Console();
        Logger real = Logger.getLogger("traps");
        real.addHandler(console);
        System.Logger log = System.getLogger("traps");
        try {
            same(_ -> {
                log.log(System.Logger.Level.WARNING, "from a simulated world");
                real.warning("from there too");
            });
            log.log(System.Logger.Level.WARNING, "from the real one");
        } finally {
            real.removeHandler(console);
        }
        assertEquals(List.of("from the real one"), console.shown);
    }

    @Test
    void shouldSkewTheWallClockOfOneMachineAndOfAll() {
        var simulation = new Simulation(5);
        Node ahead = simulation.node("ahead");
        ahead.skewClock(Duration.ofDays(1));
        long[] clocks = new long[3];
        ahead.env().start("clock", () -> clocks[0] = System.currentTimeMillis());
        ahead.env().start("clock", () -> clocks[1] = ahead.env().currentTimeMillis());
        simulation.world().start("clock", () -> clocks[2] = Instant.now().toEpochMilli());
        simulation.run(HOUR);
        assertEquals(clocks[0], clocks[1], 1);
        assertEquals(Duration.ofDays(1).toMillis(), clocks[0] - clocks[2], 1);
    }

    @Test
    void shouldNameTheRealThreadOfAnotherExecutor() {
        String failure =
                failureOf(simulation ->
                        CompletableFuture.supplyAsync(() -> "elsewhere")
                                .orTimeout(50, TimeUnit.MILLISECONDS)
                                .join());
        assertTrue(failure.contains("real thread"), failure);
    }

    @Test
    void shouldNameAPlatformThreadThatIsStarted() {
        String failure =
                failureOf(simulation -> {
                    try (var real = Executors.newFixedThreadPool(1)) {
                        real.submit(() -> 5);
                    }
                });
        assertTrue(failure.contains("starts the real thread"), failure);
    }

    /// Its initialiser sleeps.
    private static final class Slow {
        static final int VALUE = slowly();

        private static int slowly() {
            pause(300);
            return 1;
        }
    }

    @Test
    void shouldNameAWaitInAStaticInitialiser() {
        String failure = failureOf(simulation -> simulation.trace("" + Slow.VALUE));
        assertTrue(failure.contains("pinned") && failure.contains("slowly"), failure);
    }

    @Test
    void shouldNameWhoWaitsForNobodyAndWhere() {
        String failure =
                failureOf(simulation -> {
                    CountDownLatch never = new CountDownLatch(1);
                    never.await();
                });
        assertTrue(failure.contains("trapped on world at"), failure);
        assertTrue(failure.contains("TrapsTest"), failure);
        assertTrue(failure.contains("CountDownLatch"), failure);
    }

    @Test
    void shouldFailWhenAThreadDies() {
        String failure =
                failureOf(simulation -> {
                    throw new IllegalStateException("broken");
                });
        assertTrue(failure.contains("trapped died of") && failure.contains("broken"), failure);
    }

    @Test
    void shouldTellTheFirstDifferenceOfTwoRuns() {
        var failure =
                assertThrows(
                        AssertionError.class,
                        () -> same(simulation -> simulation.trace(UUID.randomUUID().toString())));
        assertTrue(failure.getMessage().contains("seed=5"), failure.getMessage());
        assertTrue(failure.getMessage().contains("first:"), failure.getMessage());
        assertThrows(
                AssertionError.class,
                () -> same(simulation -> simulation.trace("" + new Object().hashCode())));
    }

    @Test
    void shouldSurfaceAnExceptionOfATimedOutFuture() {
        same(simulation ->
                assertThrows(
                        CompletionException.class,
                        () -> CompletableFuture.failedFuture(new TimeoutException()).join()));
    }
}
