package dev.holdfast.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.wait.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScopeTest {
    private static final Duration BUDGET = Duration.ofSeconds(5);

    private final List<String> journal = Collections.synchronizedList(new ArrayList<>());

    private Probe probe(String name) {
        return new Probe(name, journal);
    }

    private static Scope scope(Component... components) {
        ScopeBuilder builder = Scope.builder("test", Env.system());
        for (Component component : components) builder.add(component);
        return builder.build();
    }

    @Test
    void shouldStartAndReleaseInOrderAndStopProducersFirst() throws Exception {
        // given a producer that was started before its consumer
        Scope scope =
                scope(
                        probe("server").requires("writer").in(Phase.REJECT, Phase.DRAIN),
                        probe("writer").requires("files").feeds("flusher").in(Phase.PERSIST),
                        probe("flusher").requires("files").in(Phase.PERSIST, Phase.RELEASE),
                        probe("files").in(Phase.RELEASE));
        // when
        scope.start();
        ShutdownReport report = scope.stop(Mode.SMART, BUDGET, "test");
        // then
        assertEquals(
                List.of(
                        "start files",
                        "start writer",
                        "start server",
                        "start flusher",
                        "REJECT server",
                        "DRAIN server",
                        "PERSIST writer",
                        "PERSIST flusher",
                        "RELEASE flusher",
                        "RELEASE files"),
                journal);
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
        assertEquals(State.STOPPED, scope.state());
    }

    @Test
    void shouldNameTheTaskThatHangsAndKeepWhatItRequires() throws Exception {
        // given
        Thread[] hanging = new Thread[1];
        Scope scope =
                scope(
                        probe("disk").in(Phase.RELEASE),
                        probe("deaf")
                                .requires("disk")
                                .in(Phase.DRAIN)
                                .starting(context ->
                                        context.fork(
                                                "deaf-task",
                                                () -> {
                                                    hanging[0] = Thread.currentThread();
                                                    while (!journal.contains("let go"))
                                                        LockSupport.parkNanos(1_000_000);
                                                })));
        scope.start();
        // when
        ShutdownReport report = scope.stop(Mode.SMART, Duration.ofMillis(500), "test");
        // then
        journal.add("let go");
        assertEquals(ExitCode.LEAKED, report.exitCode(), report.toPage());
        assertTrue(report.toPage().contains("abandoned: deaf"), report.toPage());
        assertTrue(report.toPage().contains("task `deaf-task` at dev.holdfast"), report.toPage());
        assertTrue(report.toPage().contains("leaked: disk"), report.toPage());
        assertTrue(!journal.contains("RELEASE disk"), journal.toString());
    }

    @RepeatedTest(100) // the thread of the failed start may or may not have left already
    void shouldRollBackWhatHadStarted() {
        // given
        Scope scope =
                scope(
                        probe("disk").in(Phase.RELEASE),
                        probe("bad")
                                .requires("disk")
                                .starting(_ -> {
                                    throw new IllegalStateException("no port");
                                }));
        // when
        StartException failure = assertThrows(StartException.class, scope::start);
        // then
        assertEquals(List.of("start disk", "start bad", "RELEASE disk"), journal);
        assertEquals(ExitCode.START_FAILED, failure.exitCode());
        assertEquals(State.FAILED, scope.state());
    }

    @Test
    void shouldDrainANestedScopeAfterItsUsers() throws Exception {
        // given
        Scope db =
                Scope.builder("db", Env.system())
                        .add(probe("wal").in(Phase.REJECT, Phase.PERSIST, Phase.RELEASE))
                        .build();
        Scope server =
                Scope.builder("server", Env.system())
                        .nest(db, java.util.Set.of(), java.util.Set.of())
                        .add(probe("redis").requires("db").in(Phase.REJECT, Phase.DRAIN))
                        .build();
        server.start();
        // when
        ShutdownReport report = server.stop(Mode.SMART, BUDGET, "test");
        // then
        assertEquals(
                List.of(
                        "start wal",
                        "start redis",
                        "REJECT redis",
                        "DRAIN redis",
                        "REJECT wal",
                        "PERSIST wal",
                        "RELEASE wal"),
                journal);
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
        assertEquals("db", report.nested().get(0).scope());
        assertSame(report.nested().get(0), db.stop(Mode.SMART, BUDGET, "again"));
    }

    @Test
    void shouldAnswerAtOnceWhenAComponentStopsItsOwnScope() throws Exception {
        // given
        Scope[] own = new Scope[1];
        own[0] =
                scope(
                        probe("self")
                                .in(Phase.DRAIN)
                                .stopping((_, _) -> {
                                    own[0].stop(Mode.SMART, BUDGET, "itself");
                                    return Outcome.done();
                                }));
        own[0].start();
        Deadline deadline = Deadline.after(Env.system(), Duration.ofSeconds(2));
        // when
        ShutdownReport report = own[0].stop(Mode.SMART, BUDGET, "test");
        // then
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
        assertTrue(!deadline.isExpired());
    }
}
