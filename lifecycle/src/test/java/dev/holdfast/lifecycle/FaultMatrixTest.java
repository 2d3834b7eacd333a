package dev.holdfast.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Pass;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way to misbehave, at every moment of a stop: the stop ends in time, with the right exit
/// code, and a report that names the culprit.
@Timeout(60)
class FaultMatrixTest {
    private static final Duration BUDGET = Duration.ofMillis(1_500);
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final CopyOnWriteArrayList<String> journal = new CopyOnWriteArrayList<>();
    private final CountDownLatch isStarting = new CountDownLatch(1);
    private Scope scope;
    private Gate gate;
    private StartContext given;
    private Pass pass;

    /// What the culprit does wrong.
    enum Fault {
        NONE(ExitCode.CLEAN),
        HANGS_FOR_A_TOKEN(ExitCode.CUT_SHORT),
        HANGS_DEAF(ExitCode.CUT_SHORT),
        THROWS(ExitCode.CUT_SHORT),
        IS_SLOW(ExitCode.CLEAN),
        FORKS_IN_DRAIN(ExitCode.CLEAN),
        LEAKS_A_PASS(ExitCode.CUT_SHORT),
        CLOSES_TWICE(ExitCode.CLEAN),
        CLOSES_ITSELF(ExitCode.CLEAN),
        ENDS_WHILE_OTHERS_WAIT(ExitCode.CLEAN),
        LEAVES_A_TASK(ExitCode.LEAKED),
        WAITS_IN_A_CIRCLE(ExitCode.CUT_SHORT);

        private final ExitCode code;

        Fault(ExitCode code) {
            this.code = code;
        }
    }

    /// When the stop comes.
    enum Moment {
        BEFORE_START,
        MID_START,
        RUNNING,
        MID_STOP
    }

    static Stream<Arguments> cells() {
        return EnumSet.allOf(Fault.class).stream()
                .flatMap(fault ->
                        EnumSet.allOf(Moment.class).stream()
                                .map(moment -> Arguments.of(fault, moment)));
    }

    @AfterEach
    void letGo() {
        journal.add("let go");
    }

    @ParameterizedTest
    @MethodSource("cells")
    @Tag("LIFE-12")
    @Tag("LIFE-19")
    @Tag("LIFE-30")
    void life12ShouldStopInTimeAndNameTheCulprit(Fault fault, Moment moment) throws Exception {
        // given
        scope =
                Scope.builder("matrix", Env.system())
                        .add(new Probe("ground", journal).in(Phase.RELEASE))
                        .add(culprit(fault, moment))
                        .budgets(Duration.ofMinutes(1), BUDGET)
                        .build();
        Deadline latest = Deadline.after(Env.system(), BUDGET.plus(SLACK));
        // when
        ShutdownReport report =
                switch (moment) {
                    case BEFORE_START -> stopBeforeStart();
                    case MID_START -> stopMidStart();
                    case RUNNING -> stopRunning();
                    case MID_STOP -> stopTwice();
                };
        // then
        assertFalse(latest.isExpired(), report.toPage());
        assertEquals(expected(fault, moment), report.exitCode(), report.toPage());
        boolean isBlamed = moment == Moment.RUNNING || moment == Moment.MID_STOP;
        if (isBlamed && report.exitCode() != ExitCode.CLEAN) {
            assertTrue(report.toPage().contains("culprit"), report.toPage());
        }
    }

    private static ExitCode expected(Fault fault, Moment moment) {
        return switch (moment) {
            case BEFORE_START -> ExitCode.CLEAN;
            case MID_START -> ExitCode.START_ABORTED;
            case RUNNING, MID_STOP -> fault.code;
        };
    }

    private ShutdownReport stopBeforeStart() throws Exception {
        ShutdownReport report = scope.stop(Mode.SMART, BUDGET, "before");
        assertThrows(StartException.class, scope::start);
        return report;
    }

    private ShutdownReport stopMidStart() throws Exception {
        CompletableFuture<StartException> start = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> start.complete(assertThrows(StartException.class, scope::start)));
        isStarting.await();
        CompletableFuture<ShutdownReport> stop = stopLater(Mode.SMART);
        ShutdownReport report = stop.get(20, TimeUnit.SECONDS);
        assertEquals(report, start.get(20, TimeUnit.SECONDS).report());
        return report;
    }

    private ShutdownReport stopRunning() throws Exception {
        scope.start();
        return scope.stop(Mode.SMART, BUDGET, "running");
    }

    private ShutdownReport stopTwice() throws Exception {
        scope.start();
        CompletableFuture<ShutdownReport> first = stopLater(Mode.SMART);
        while (!scope.state().isStopping()) Thread.onSpinWait();
        ShutdownReport second = scope.stop(Mode.SMART, BUDGET, "again");
        assertEquals(first.get(20, TimeUnit.SECONDS), second);
        return second;
    }

    private CompletableFuture<ShutdownReport> stopLater(Mode mode) {
        CompletableFuture<ShutdownReport> report = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        report.complete(scope.stop(mode, BUDGET, "later"));
                    } catch (InterruptedException interrupted) {
                        report.completeExceptionally(interrupted);
                    }
                });
        return report;
    }

    private Probe culprit(Fault fault, Moment moment) {
        return new Probe("culprit", journal)
                .requires("ground")
                .in(Phase.REJECT, Phase.DRAIN)
                .starting(context -> {
                    given = context;
                    gate = context.gate("work");
                    isStarting.countDown();
                    if (moment == Moment.MID_START) {
                        context.token().pause(Duration.ofMinutes(1)); // until the stop
                    }
                    prepare(fault, context);
                })
                .stopping((phase, context) ->
                        phase == Phase.DRAIN ? misbehave(fault, context) : reject(fault));
    }

    private void prepare(Fault fault, StartContext context) {
        switch (fault) {
            case LEAVES_A_TASK -> context.fork("left", this::hang);
            case ENDS_WHILE_OTHERS_WAIT -> context.fork("waiter", () -> waitFor("nobody", context));
            case WAITS_IN_A_CIRCLE -> {
                context.fork("left", () -> waitFor("right", context));
                context.fork("right", () -> waitFor("left", context));
            }
            case LEAKS_A_PASS, FORKS_IN_DRAIN -> pass = gate.enter("client", "leaked work");
            default -> {}
        }
    }

    private Outcome reject(Fault fault) {
        if (fault != Fault.NONE) gate.close();
        return Outcome.done();
    }

    private Outcome misbehave(Fault fault, StopContext context) throws InterruptedException {
        return switch (fault) {
            case NONE, ENDS_WHILE_OTHERS_WAIT, LEAVES_A_TASK -> Outcome.done();
            case HANGS_FOR_A_TOKEN -> {
                context.token().pause(Duration.ofMinutes(1));
                yield Outcome.cut("requests", 1);
            }
            case HANGS_DEAF -> {
                hang();
                yield Outcome.done();
            }
            case THROWS -> throw new IllegalStateException("broken");
            case IS_SLOW -> {
                context.token().pause(context.deadline().remaining().dividedBy(2));
                yield Outcome.done();
            }
            case FORKS_IN_DRAIN -> forkInDrain();
            case LEAKS_A_PASS -> Outcome.cut("requests", gate.drain(context.deadline()).size());
            case CLOSES_TWICE -> {
                gate.close();
                gate.drain(context.deadline());
                yield Outcome.cut("requests", gate.drain(context.deadline()).size());
            }
            case CLOSES_ITSELF -> {
                scope.stop(Mode.SMART, BUDGET, "itself");
                yield Outcome.done();
            }
            case WAITS_IN_A_CIRCLE -> {
                Deadline soon = context.deadline();
                while (scope.whyStuck().circles().isEmpty() && !soon.isExpired()) {
                    context.token().pause(Duration.ofMillis(5));
                }
                assertFalse(scope.whyStuck().circles().isEmpty());
                yield Outcome.cut("requests", 2);
            }
        };
    }

    /// The kernel refuses a task; who is inside the gate may bring others.
    private Outcome forkInDrain() throws InterruptedException {
        assertThrows(StopException.class, () -> given.fork("late", () -> {}));
        Thread more = pass.fork(Env.system(), "more work", () -> LockSupport.parkNanos(1_000_000));
        pass.close();
        assertTrue(more.isAlive() || gate.isEmpty());
        return Outcome.cut("requests", gate.drain(Deadline.after(Env.system(), BUDGET)).size());
    }

    private void hang() {
        while (!journal.contains("let go")) LockSupport.parkNanos(1_000_000);
    }

    private static void waitFor(String waker, StartContext context) throws InterruptedException {
        var lock = new ReentrantLock();
        var never = new WaitPoint(lock, WaitKind.OTHER, "what never comes", waker);
        lock.lock();
        try {
            never.await(
                    () -> false,
                    Deadline.after(Env.system(), Duration.ofMinutes(1)),
                    context.token());
        } finally {
            lock.unlock();
        }
    }
}
