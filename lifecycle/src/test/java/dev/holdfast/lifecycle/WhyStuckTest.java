package dev.holdfast.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.gate.Pass;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.TrackedLock;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WhyStuckTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final CopyOnWriteArrayList<String> journal = new CopyOnWriteArrayList<>();

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

    private static StuckReport awaitReport(Scope scope, Predicate<StuckReport> wanted) {
        Deadline deadline = Deadline.after(Env.system(), Duration.ofSeconds(10));
        StuckReport report = scope.whyStuck();
        while (!wanted.test(report) && !deadline.isExpired()) {
            Thread.yield();
            report = scope.whyStuck();
        }
        assertTrue(wanted.test(report), report.toPage());
        return report;
    }

    @Test
    @Tag("LIFE-10")
    @Tag("INC-2")
    void life10ShouldReportACircleOverAllKindsOfWaitWithAllItsMembers() throws Exception {
        // given a checkpointer that waits for the queue, whose worker drains a gate, in which a
        // backend waits for the checkpointer
        Scope scope =
                Scope.builder("store", Env.system())
                        .add(waiting("checkpointer", WaitKind.DURABILITY, "queue-worker"))
                        .add(
                                new Probe("queue-worker", journal)
                                        .in(Phase.RELEASE)
                                        .starting(context ->
                                                context.fork("queue-worker", () -> drain(context))))
                        .build();
        scope.start();
        // when
        Set<String> members = Set.of("checkpointer", "queue-worker", "gate partition", "backend");
        Predicate<StuckReport> isWhole =
                stuck -> stuck.circles().stream().map(Set::copyOf).anyMatch(members::equals);
        StuckReport report = awaitReport(scope, isWhole);
        // then
        assertTrue(report.toPage().contains("what never comes"), report.toPage());
        scope.stop(Mode.SMART, Duration.ofSeconds(2), "test");
    }

    private Probe waiting(String name, WaitKind kind, String waker) {
        return new Probe(name, journal)
                .in(Phase.RELEASE)
                .starting(context -> context.fork(name, () -> waitFor(kind, waker, context)));
    }

    private static void drain(StartContext context) throws InterruptedException {
        Gate gate = context.gate("partition");
        Pass pass = gate.enter("backend", "read");
        pass.fork(
                context.env(),
                "backend",
                () -> {
                    try {
                        waitFor(WaitKind.REMOTE, "checkpointer", context);
                    } catch (InterruptedException interrupted) {
                        throw new AssertionError(interrupted);
                    }
                });
        pass.close();
        gate.drain(Deadline.after(Env.system(), LONG));
    }

    @Test
    @Tag("LIFE-10")
    void life10ShouldReportTwoLocksTakenInOppositeOrder() throws Exception {
        // given
        var left = new AtomicReference<TrackedLock>();
        var right = new AtomicReference<TrackedLock>();
        Probe probe =
                new Probe("locks", journal)
                        .in(Phase.RELEASE)
                        .starting(context -> {
                            left.set(new TrackedLock("left", context.token().word()));
                            right.set(new TrackedLock("right", context.token().word()));
                            context.fork("one", () -> both(left, right, context));
                            context.fork("two", () -> both(right, left, context));
                        });
        Scope scope = Scope.builder("locks", Env.system()).add(probe).build();
        scope.start();
        // when
        StuckReport report = awaitReport(scope, stuck -> !stuck.circles().isEmpty());
        // then
        Set<String> members = new TreeSet<>(report.circles().get(0));
        assertEquals(Set.of("one", "two", "lock left", "lock right"), members);
        ShutdownReport stop = scope.stop(Mode.SMART, Duration.ofSeconds(2), "test");
        assertEquals(ExitCode.CLEAN, stop.exitCode(), stop.toPage());
    }

    private void both(
            AtomicReference<TrackedLock> first,
            AtomicReference<TrackedLock> second,
            StartContext context)
            throws InterruptedException {
        first.get().lock();
        try {
            journal.add("has one");
            Deadline soon = Deadline.after(Env.system(), Duration.ofSeconds(10));
            while (Collections.frequency(journal, "has one") < 2 && !soon.isExpired()) {
                Thread.yield();
            }
            WaitResult result =
                    second.get().lock(Deadline.after(Env.system(), LONG), context.token());
            if (result == WaitResult.SATISFIED) second.get().unlock();
        } finally {
            first.get().unlock();
        }
    }

    @Test
    void shouldShowHoldersTasksMailboxesAndWaits() throws Exception {
        // given
        var gate = new AtomicReference<Gate>();
        var mailbox = new Mailbox<String>("frozen", 4, "writer", "flusher");
        mailbox.offer("memtable 7");
        Scope scope =
                Scope.builder("engine", Env.system())
                        .add(
                                new Probe("flusher", journal)
                                        .starting(context -> {
                                            gate.set(context.gate("writes"));
                                            context.watch(mailbox);
                                            context.fork(
                                                    "flusher",
                                                    () ->
                                                            waitFor(
                                                                    WaitKind.REMOTE,
                                                                    "store",
                                                                    context));
                                        }))
                        .build();
        scope.start();
        try (var _ = gate.get().enter("client 9", "SET")) {
            // when
            StuckReport report =
                    awaitReport(
                            scope, stuck -> !stuck.waits().isEmpty() && stuck.tasks().size() == 1);
            // then
            assertEquals("`frozen` holds 1", report.mailboxes().get(0));
            assertTrue(report.holders().get(0).contains("`client 9` doing `SET`"));
            assertTrue(
                    report.toPage().contains("waits for remote `what never comes`"),
                    report.toPage());
        }
        scope.stop(Mode.FAST, Duration.ofSeconds(2), "test");
        awaitReport(scope, stuck -> withoutMailboxes(stuck).toPage().equals("nothing waits\n"));
    }

    @Test
    void shouldShowComponentsTheirGatesAndWhereTheirThreadsStand() throws Exception {
        // given
        AtomicReference<Gate> gate = new AtomicReference<>();
        Scope inner =
                Scope.builder("inner", Env.system())
                        .add(waiting("sleeper", WaitKind.REMOTE, "nobody"))
                        .build();
        Scope scope =
                Scope.builder("outer", Env.system())
                        .add(new Probe("door", journal).starting(c -> gate.set(c.gate("entry"))))
                        .nest(inner, Set.of(), Set.of())
                        .build();
        scope.start();
        ScopeView view;
        StuckReport stuck;
        try (Pass _ = gate.get().enter("client 7", "get")) {
            stuck = awaitReport(scope, report -> !report.waits().isEmpty());
            // when
            view = scope.view();
        }
        // then
        ScopeView.GateView entry = view.components().getFirst().gates().getFirst();
        assertEquals(1, entry.inside());
        assertEquals("client 7", entry.holders().getFirst().who());
        assertTrue(stuck.toJson().contains("WhyStuckTest"), stuck.toJson());
        assertTrue(view.toJson().contains("\"who\":\"client 7\",\"doing\":\"get\""));
        assertTrue(view.toJson().contains("\"nested\":{\"scope\":\"inner\",\"state\":\"RUNNING\""));
        assertTrue(stuck.toJson().contains("\"waker\":\"nobody\""), stuck.toJson());
        assertEquals(null, view.progress());
        ShutdownReport report = scope.stop(Mode.FAST, Duration.ofSeconds(1), "test");
        assertEquals(State.STOPPED, scope.view().state(), report.toPage());
    }

    private static StuckReport withoutMailboxes(StuckReport report) {
        return new StuckReport(
                report.circles(),
                report.waits(),
                report.holders(),
                report.tasks(),
                java.util.List.of(),
                java.util.List.of());
    }
}
