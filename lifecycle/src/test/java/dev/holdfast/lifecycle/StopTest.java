package dev.holdfast.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.ShutdownReport.Fate;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StopTest {
    private static final Duration BUDGET = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(600);

    private final CopyOnWriteArrayList<String> journal = new CopyOnWriteArrayList<>();

    private Probe probe(String name) {
        return new Probe(name, journal);
    }

    private static Scope started(Component... components) throws Exception {
        ScopeBuilder builder = Scope.builder("test", Env.system());
        for (Component component : components) builder.add(component);
        Scope scope = builder.build();
        scope.start();
        return scope;
    }

    private Outcome hang() {
        while (!journal.contains("let go")) LockSupport.parkNanos(1_000_000);
        return Outcome.done();
    }

    @Test
    @Tag("LIFE-12")
    @Tag("LIFE-29")
    void life12ShouldEndWithinItsBudgetThoughEveryPhaseHangs() throws Exception {
        // given
        List<Component> components = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            components.add(probe("hang-in-" + phase).in(phase).stopping((_, _) -> hang()));
        }
        Scope scope = started(components.toArray(Component[]::new));
        Deadline latest = Deadline.after(Env.system(), SHORT.plusSeconds(2));
        // when
        ShutdownReport report = scope.stop(Mode.SMART, SHORT, "test");
        // then
        assertFalse(latest.isExpired(), report.toPage());
        journal.add("let go");
        for (var component : report.components()) {
            assertEquals(Fate.ABANDONED, component.fate(), report.toPage());
            assertFalse(component.holders().isEmpty(), report.toPage());
        }
        for (var phase : report.phases()) {
            long floor = phase.phase().share(SHORT.toNanos()).floorNanos() / 2; // exact: BudgetTest
            assertTrue(floor <= phase.slice().toNanos(), report.toPage());
        }
    }

    @Test
    @Tag("LIFE-13")
    @Tag("INC-2")
    void life13ShouldNotGiveASilentStoreMoreThanItsSlice() throws Exception {
        // given a store that never answers
        var lock = new ReentrantLock();
        var answer = new WaitPoint(lock, WaitKind.REMOTE, "PUT wal/7", "the store");
        var seen = new AtomicReference<WaitResult>();
        Scope scope =
                started(
                        probe("wal")
                                .in(Phase.PERSIST)
                                .stopping((_, context) -> {
                                    lock.lock();
                                    try {
                                        seen.set(
                                                answer.await(
                                                        () -> false,
                                                        Deadline.after(
                                                                Env.system(), Duration.ofHours(1)),
                                                        context.token()));
                                    } finally {
                                        lock.unlock();
                                    }
                                    return Outcome.cut("log objects", 1);
                                }));
        Deadline latest = Deadline.after(Env.system(), SHORT.plusSeconds(1));
        // when
        ShutdownReport report = scope.stop(Mode.SMART, SHORT, "test");
        // then
        assertFalse(latest.isExpired());
        assertEquals(WaitResult.CANCELLED, seen.get());
        assertEquals(ExitCode.CUT_SHORT, report.exitCode(), report.toPage());
    }

    @Test
    @Tag("LIFE-16")
    void life16ShouldGiveEveryStartedComponentExactlyOneOutcome() throws Exception {
        Scope scope =
                started(
                        probe("fine"),
                        probe("cut")
                                .stopping((phase, _) ->
                                        Outcome.cut("requests", phase == Phase.DRAIN ? 3 : 0)),
                        probe("broken")
                                .stopping((_, _) -> {
                                    throw new IllegalStateException("no");
                                }),
                        probe("stuck").stopping((_, _) -> hang()),
                        probe("silent").in(Phase.RELEASE));
        ShutdownReport report = scope.stop(Mode.SMART, SHORT, "test");
        journal.add("let go");
        assertEquals(
                List.of("fine DONE", "cut CUT", "broken FAILED", "stuck ABANDONED", "silent DONE"),
                report.components().stream().map(c -> c.component() + " " + c.fate()).toList());
    }

    @Test
    @Tag("LIFE-17")
    @Tag("INC-3")
    void life17ShouldNotReleaseWhatAnAbandonedComponentStandsOn() throws Exception {
        Scope scope =
                started(
                        probe("files").in(Phase.RELEASE),
                        probe("manifest").requires("files").in(Phase.RELEASE),
                        probe("flusher")
                                .requires("manifest")
                                .in(Phase.PERSIST)
                                .stopping((_, _) -> hang()),
                        probe("sockets").in(Phase.RELEASE));
        ShutdownReport report = scope.stop(Mode.SMART, SHORT, "test");
        assertFalse(journal.contains("RELEASE files"), journal.toString());
        assertFalse(journal.contains("RELEASE manifest"), journal.toString());
        assertTrue(journal.contains("RELEASE sockets"), journal.toString());
        assertEquals(ExitCode.NOT_PERSISTED, report.exitCode(), report.toPage());
        journal.add("let go");
    }

    @Test
    @Tag("LIFE-23")
    @Tag("INC-4")
    void life23ShouldRefuseANewTaskOnceStopping() throws Exception {
        var context = new AtomicReference<StartContext>();
        var refused = new AtomicReference<StopException>();
        Scope scope =
                started(
                        probe("compactor")
                                .in(Phase.ANNOUNCE)
                                .starting(context::set)
                                .stopping((_, _) -> {
                                    refused.set(
                                            assertThrows(
                                                    StopException.class,
                                                    () -> context.get().fork("late", () -> {})));
                                    return Outcome.done();
                                }));
        ShutdownReport report = scope.stop(Mode.SMART, BUDGET, "test");
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
        assertTrue(refused.get().getMessage().contains("late"));
    }

    @Test
    @Tag("LIFE-22")
    @Tag("LIFE-28")
    void life28ShouldNotExitWithZeroIfAnythingRemains() throws Exception {
        Scope scope =
                started(
                        probe("uploader")
                                .in(Phase.PERSIST)
                                .stopping((_, context) -> {
                                    context.durable("wal", "7");
                                    context.remains("segments to upload", 2);
                                    return Outcome.done();
                                }));
        ShutdownReport report = scope.stop(Mode.SMART, BUDGET, "test");
        assertEquals(ExitCode.CUT_SHORT, report.exitCode());
        assertEquals(List.of("2 segments to upload"), report.remains());
        assertEquals("{wal=7}", report.durable().toString());
    }

    @Test
    @Tag("LIFE-30")
    void life30ShouldShareOneReportAmongConcurrentStops() throws Exception {
        Scope scope = started(probe("slow").stopping((_, context) -> pause(context, 30)));
        List<CompletableFuture<ShutdownReport>> reports = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            var report = new CompletableFuture<ShutdownReport>();
            reports.add(report);
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            report.complete(scope.stop(Mode.SMART, BUDGET, "many"));
                        } catch (InterruptedException interrupted) {
                            report.completeExceptionally(interrupted);
                        }
                    });
        }
        ShutdownReport first = reports.get(0).get(10, TimeUnit.SECONDS);
        for (var report : reports) assertSame(first, report.get(10, TimeUnit.SECONDS));
        assertSame(first, scope.stop(Mode.FAST, BUDGET, "late"));
    }

    private static Outcome pause(StopContext context, long millis) throws InterruptedException {
        context.token().pause(Duration.ofMillis(millis));
        return Outcome.done();
    }

    @Test
    void shouldReleaseTheLogLastThatAllRequire() throws Exception {
        // given: added first, in the middle, and with a chain of others on it
        Scope scope =
                started(
                        probe("files").requires("log").in(Phase.RELEASE),
                        probe("log").in(Phase.RELEASE),
                        probe("database").requires("files", "log").in(Phase.RELEASE),
                        probe("server").requires("database", "log").in(Phase.RELEASE),
                        probe("metrics").requires("log").in(Phase.RELEASE));
        // when
        ShutdownReport report = scope.stop(Mode.SMART, BUDGET, "test");
        // then
        List<String> released =
                journal.stream().filter(entry -> entry.startsWith("RELEASE")).toList();
        assertEquals(5, released.size(), released.toString());
        assertEquals("RELEASE log", released.getLast());
        assertEquals(ExitCode.CLEAN, report.exitCode());
    }

    @Test
    void shouldCutPeersButNotPersistInAFastStop() throws Exception {
        // given
        var levels = new CopyOnWriteArrayList<String>();
        Probe.Stop patient =
                (phase, context) -> {
                    context.token().pause(Duration.ofMillis(200));
                    levels.add(phase + " " + context.level());
                    return Outcome.done();
                };
        Scope scope =
                started(
                        probe("log").in(Phase.PERSIST).stopping(patient),
                        probe("replicas").in(Phase.HANDOFF).stopping(patient));
        // when
        scope.stop(Mode.FAST, BUDGET, "test");
        // then
        assertEquals(List.of("PERSIST DRAIN", "HANDOFF ABORT"), levels);
    }

    @Test
    void shouldRaiseTheModeOfAStopUnderWay() throws Exception {
        // given
        var modes = new CopyOnWriteArrayList<Mode>();
        Scope[] own = new Scope[1];
        own[0] =
                started(
                        probe("replicas")
                                .in(Phase.HANDOFF)
                                .stopping((_, context) -> {
                                    own[0].escalate(Mode.FAST);
                                    context.token().pause(Duration.ofMinutes(1));
                                    modes.add(context.mode());
                                    return Outcome.cut("replicas", 1);
                                }));
        // when
        ShutdownReport report = own[0].stop(Mode.SMART, BUDGET, "test");
        own[0].escalate(Mode.SMART);
        // then
        assertEquals(List.of(Mode.FAST), modes);
        assertEquals(Mode.FAST, report.mode());
        assertEquals(ExitCode.CUT_SHORT, report.exitCode());
    }

    @Test
    void shouldReportAndLeaveInAnImmediateStop() throws Exception {
        Scope scope = started(probe("anything"));
        ShutdownReport report = scope.stop(Mode.IMMEDIATE, BUDGET, "test");
        assertEquals(ExitCode.IMMEDIATE, report.exitCode());
        assertEquals(List.of("start anything"), journal);
        assertEquals(Level.ABORT, scope.token().level());
    }

    @Test
    void shouldKeepAnInnerScopeServingWhileTheOuterOneDrains() throws Exception {
        // given a database that a request still needs while the server drains
        var answers = new CopyOnWriteArrayList<String>();
        ScopeBuilder inner = Scope.builder("db", Env.system());
        var writes = inner.gate("writes");
        Scope db =
                inner.add(
                                probe("wal")
                                        .in(Phase.REJECT)
                                        .stopping((_, _) -> {
                                            writes.close();
                                            return Outcome.done();
                                        }))
                        .build();
        Probe redis =
                probe("redis")
                        .requires("db")
                        .in(Phase.DRAIN)
                        .stopping((_, _) -> {
                            try (var _ = writes.enter("client", "SET")) {
                                answers.add("OK");
                            }
                            return Outcome.done();
                        });
        Scope server =
                Scope.builder("server", Env.system())
                        .nest(db, Set.of(), Set.of())
                        .add(redis)
                        .build();
        server.start();
        // when
        ShutdownReport report = server.stop(Mode.SMART, BUDGET, "test");
        // then
        assertEquals(List.of("OK"), answers);
        assertTrue(writes.isClosed());
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
    }

    @Test
    void shouldStopANestedScopeWithinItsOuterSlice() throws Exception {
        Scope db =
                Scope.builder("db", Env.system())
                        .add(probe("wal").in(Phase.PERSIST).stopping((_, _) -> hang()))
                        .build();
        Scope server = Scope.builder("server", Env.system()).nest(db, Set.of(), Set.of()).build();
        server.start();
        Deadline latest = Deadline.after(Env.system(), SHORT.plusSeconds(1));
        ShutdownReport report = server.stop(Mode.SMART, SHORT, "test");
        journal.add("let go");
        assertFalse(latest.isExpired());
        assertEquals(ExitCode.NOT_PERSISTED, report.exitCode(), report.toPage());
        assertTrue(report.toPage().contains("abandoned: wal"), report.toPage());
    }

    @Test
    void shouldStillPersistAScopeThatIsLateByTheMachinesDoing() throws Exception {
        // given: a nested scope whose turn takes longer than its slice, though none of its parts
        // does
        Scope db = Scope.builder("db", Env.system()).add(probe("wal").in(Phase.PERSIST)).build();
        Scope server =
                started(
                        probe("database")
                                .in(Phase.QUIESCE, Phase.RELEASE)
                                .starting(context -> {
                                    db.start();
                                    context.adopt(db);
                                })
                                .stopping((phase, context) ->
                                        phase == Phase.QUIESCE ? late(context) : Outcome.done()));
        // when
        ShutdownReport report = server.stop(Mode.SMART, SHORT, "test");
        // then
        assertTrue(journal.contains("PERSIST wal"), report.toPage());
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
    }

    @Test
    @Tag("INC-3")
    void shouldGiveUpNobodyWhoIsLateWithClosingItsDoors() throws Exception {
        // given one that takes longer for it than REJECT has, and then still has clients to answer
        var levels = new CopyOnWriteArrayList<Level>();
        Scope scope =
                started(
                        probe("server")
                                .in(Phase.REJECT, Phase.DRAIN)
                                .stopping((phase, context) -> {
                                    if (phase == Phase.REJECT) return late(context);
                                    levels.add(context.level());
                                    return Outcome.done();
                                }));
        // when
        ShutdownReport report = scope.stop(Mode.SMART, Duration.ofSeconds(2), "test");
        // then
        assertEquals(List.of(Level.DRAIN), levels, report.toPage());
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
    }

    @Test
    void shouldGiveWhoAsksWhatNoLaterPhaseIsSureOf() throws Exception {
        // given
        var longer = new AtomicReference<Duration>();
        Scope scope =
                started(
                        probe("server")
                                .in(Phase.DRAIN, Phase.PERSIST, Phase.RELEASE)
                                .stopping((phase, context) -> {
                                    if (phase != Phase.DRAIN) return Outcome.done();
                                    Duration own = context.deadline().remaining();
                                    longer.set(context.longestDeadline().remaining().minus(own));
                                    return Outcome.done();
                                }));
        // when
        ShutdownReport report = scope.stop(Mode.SMART, Duration.ofSeconds(20), "test");
        // then
        assertTrue(Duration.ofSeconds(1).compareTo(longer.get()) < 0, longer + report.toPage());
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
    }

    private static Outcome late(StopContext context) throws InterruptedException {
        Duration beyond = context.deadline().remaining().multipliedBy(4).dividedBy(3);
        boolean isOver = new CountDownLatch(1).await(beyond.toNanos(), TimeUnit.NANOSECONDS);
        return isOver ? Outcome.cut("time", 1) : Outcome.done();
    }

    @Test
    void shouldStopAScopeThatAComponentHasOpened() throws Exception {
        // given
        Scope db = Scope.builder("db", Env.system()).add(probe("wal").in(Phase.PERSIST)).build();
        Scope server =
                started(
                        probe("database")
                                .in(Phase.PERSIST, Phase.RELEASE)
                                .starting(context -> {
                                    db.start();
                                    context.adopt(db);
                                }));
        // when
        ShutdownReport report = server.stop(Mode.SMART, BUDGET, "test");
        // then
        assertEquals(
                List.of(
                        "start database",
                        "start wal",
                        "PERSIST wal",
                        "PERSIST database",
                        "RELEASE database"),
                journal);
        assertEquals("db", report.nested().get(0).scope());
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
    }

    @Test
    void shouldLetAnEmbedderCloseANestedScopeFirst() throws Exception {
        Scope db = Scope.builder("db", Env.system()).add(probe("wal")).build();
        Scope server = Scope.builder("server", Env.system()).nest(db, Set.of(), Set.of()).build();
        server.start();
        ShutdownReport closed = db.stop(Mode.SMART, BUDGET, "closed by hand");
        ShutdownReport report = server.stop(Mode.SMART, BUDGET, "test");
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
        assertSame(closed, report.nested().get(0));
    }

    /// A clean marker in memory.
    private static final class MemoryMarker implements CleanMarker {
        private final List<CleanStop> present = new ArrayList<>();
        private boolean fails;

        @Override
        public void write(CleanStop stop) throws IOException {
            if (fails) throw new IOException("disk full");
            present.add(stop);
        }

        @Override
        public void remove() {
            present.clear();
        }
    }

    private void runOnce(MemoryMarker marker, Probe.Stop stop) throws Exception {
        Scope scope =
                Scope.builder("db", Env.system())
                        .cleanMarker(marker)
                        .add(
                                probe("wal")
                                        .starting(_ -> assertEquals(0, marker.present.size()))
                                        .stopping(stop))
                        .build();
        scope.start();
        ShutdownReport report = scope.stop(Mode.SMART, BUDGET, "test");
        assertEquals(
                report.exitCode() == ExitCode.CLEAN ? 1 : 0,
                marker.present.size(),
                report.toPage());
    }

    @Test
    @Tag("LIFE-27")
    void life27ShouldLeaveTheMarkerExactlyAtACleanStop() throws Exception {
        var marker = new MemoryMarker();
        Probe.Stop clean =
                (_, context) -> {
                    context.durable("wal", "9");
                    return Outcome.done();
                };
        runOnce(marker, clean);
        assertEquals("{wal=9}", marker.present.get(0).durable().toString());
        assertEquals(64, marker.present.get(0).reportHash().length());
        runOnce(marker, (_, _) -> Outcome.cut("memtables", 1));
        assertEquals(0, marker.present.size());
        runOnce(marker, clean);
        marker.fails = true;
        runOnce(marker, clean);
        assertEquals(0, marker.present.size());
    }

    @Test
    void shouldTellWhenATaskFails() throws Exception {
        // given
        var told = new CompletableFuture<String>();
        Scope scope =
                started(
                        probe("flusher")
                                .starting(context ->
                                        context.fork(
                                                "flusher",
                                                () -> {
                                                    while (!journal.contains("fail now"))
                                                        LockSupport.parkNanos(100_000);
                                                    throw new IllegalStateException("bad");
                                                })));
        scope.onFailure((component, error) -> told.complete(component + " " + error.getMessage()));
        // when
        journal.add("fail now");
        // then
        assertEquals("flusher bad", told.get(10, TimeUnit.SECONDS));
        ShutdownReport report = scope.stop(Mode.SMART, BUDGET, "test");
        assertEquals(Fate.FAILED, report.components().get(0).fate(), report.toPage());
        assertEquals(ExitCode.NOT_PERSISTED, report.exitCode());
    }
}
