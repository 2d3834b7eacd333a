package dev.holdfast.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.gate.Offer;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Circles are found while a scope runs, not only once somebody asks.
@Timeout(60)
class CircleWatchTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration TICK = Duration.ofMillis(100);

    private final CopyOnWriteArrayList<String> journal = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<Set<String>> told = new LinkedBlockingQueue<>();
    private Scope scope;

    private void start(Component... components) throws Exception {
        ScopeBuilder builder = Scope.builder("store", Env.system());
        for (Component component : components) builder.add(component);
        scope = builder.build();
        scope.start();
        scope.watch(TICK, circle -> told.add(Set.copyOf(circle)));
    }

    @AfterEach
    void stop() throws InterruptedException {
        scope.stop(Mode.FAST, Duration.ofSeconds(2), "test");
    }

    private Probe waiting(String name, WaitKind kind, String waker, int threads) {
        return new Probe(name, journal)
                .in(Phase.RELEASE)
                .starting(context -> {
                    for (int i = 0; i < threads; i++)
                        context.fork(name + i, () -> waitFor(kind, waker, context));
                });
    }

    private static void waitFor(WaitKind kind, String waker, StartContext context)
            throws InterruptedException {
        var lock = new ReentrantLock();
        var never = new WaitPoint(lock, kind, "what never comes", waker);
        lock.lock();
        try {
            never.await(() -> false, Deadline.after(Env.system(), LONG), context.token());
        } finally {
            lock.unlock();
        }
    }

    @Test
    @Tag("LIFE-10")
    void life10ShouldTellACircleOnceWhileRunning() throws Exception {
        start(
                waiting("flusher", WaitKind.DURABILITY, "uploader", 1),
                waiting("uploader", WaitKind.CAPACITY, "flusher", 1));
        Set<String> members = Set.of("flusher", "flusher0", "uploader", "uploader0");
        assertEquals(members, told.poll(20, TimeUnit.SECONDS));
        assertEquals(State.RUNNING, scope.state());
        assertNull(told.poll(TICK.toMillis() * 5, TimeUnit.MILLISECONDS));
    }

    @Test
    @Tag("LIFE-10")
    void life10ShouldTellNoCircleThatAnotherThreadCanBreak() throws Exception {
        start(
                waiting("flusher", WaitKind.DURABILITY, "uploader", 1),
                waiting("uploader", WaitKind.CAPACITY, "flusher", 1),
                new Probe("free", journal));
        assertEquals(4, told.poll(20, TimeUnit.SECONDS).size());
        scope.stop(Mode.FAST, Duration.ofSeconds(2), "test");
        // and with one thread of the uploader that waits for nobody in the circle: nothing
        start(
                waiting("flusher", WaitKind.DURABILITY, "uploader", 1),
                new Probe("uploader", journal)
                        .in(Phase.RELEASE)
                        .starting(context -> {
                            context.fork("u1", () -> waitFor(WaitKind.OTHER, "flusher", context));
                            context.fork("u2", () -> waitFor(WaitKind.REMOTE, "store", context));
                        }));
        assertNull(told.poll(TICK.toMillis() * 5, TimeUnit.MILLISECONDS));
    }

    @Test
    void shouldSayWhatStandsStill() throws Exception {
        // given a mailbox that nobody empties, and one that nobody needs to
        var full = new Mailbox<String>("frozen", 10, "writers", "flusher");
        var empty = new Mailbox<String>("idle", 10, "writers", "flusher");
        start(
                new Probe("flusher", journal)
                        .starting(context -> {
                            context.watch(full);
                            context.watch(empty);
                            context.watch("uploaded bytes", () -> 7, () -> 3);
                        }));
        assertEquals(Offer.ACCEPTED, full.offer("memtable"));
        // when
        StuckReport report = scope.whyStuck();
        Deadline deadline = Deadline.after(Env.system(), Duration.ofSeconds(20));
        while (report.standstills().size() < 2 && !deadline.isExpired()) report = scope.whyStuck();
        // then
        List<String> lines = report.standstills();
        assertTrue(lines.get(0).startsWith("`mailbox frozen` stands at 0 for "), lines.toString());
        assertTrue(lines.get(1).startsWith("`uploaded bytes` stands at 7"), lines.toString());
        assertTrue(report.toPage().contains("stands still: `uploaded bytes`"), report.toPage());
    }

    @Test
    void shouldCostNextToNothingWhileEverybodyOnlyWaitsForWork() throws Exception {
        start(waiting("worker", WaitKind.IDLE, "nobody", 100));
        int looks = 2_000;
        long from = System.nanoTime();
        for (int i = 0; i < looks; i++) assertEquals(List.of(), scope.newCircles(TICK));
        long perLook = (System.nanoTime() - from) / looks;
        System.out.printf("look for circles, 100 idle threads: %d ns%n", perLook);
        assertTrue(perLook < 10_000_000, perLook + " ns a look"); // of a second between two
    }
}
