package dev.holdfast.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.ShutdownReport.Ending;
import dev.holdfast.lifecycle.ShutdownReport.Fate;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Pass;
import dev.holdfast.lifecycle.wait.Certainty;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.lifecycle.wait.Token;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResumeTest {
    private static final Duration BUDGET = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(900);

    private final CopyOnWriteArrayList<String> journal = new CopyOnWriteArrayList<>();

    /// A component with a gate that a stop closes and drains, and that writes down its resume.
    private final class Counter implements Component {
        private final String name;
        private final Set<String> requires;
        private final CountDownLatch draining = new CountDownLatch(1);
        private Gate gate;
        private StartContext context;

        Counter(String name, String... requires) {
            this.name = name;
            this.requires = Set.of(requires);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Set<String> requires() {
            return requires;
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.REJECT, Phase.DRAIN, Phase.PERSIST);
        }

        @Override
        public void start(StartContext given) {
            context = given;
            gate = given.gate(name + " gate");
        }

        @Override
        public Outcome stop(Phase phase, StopContext stop) throws InterruptedException {
            journal.add(phase + " " + name);
            if (phase == Phase.REJECT) gate.close();
            if (phase != Phase.DRAIN) return Outcome.done();
            draining.countDown();
            return Outcome.cut("clients", gate.drain(stop.deadline()).size());
        }

        @Override
        public void resume() {
            journal.add("resume " + name);
        }
    }

    private static Scope started(Component... components) throws Exception {
        ScopeBuilder builder = Scope.builder("test", Env.system());
        for (Component component : components) builder.add(component);
        Scope scope = builder.build();
        scope.start();
        return scope;
    }

    private static CompletableFuture<ShutdownReport> stop(Scope scope, Duration budget) {
        var report = new CompletableFuture<ShutdownReport>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        report.complete(scope.stop(Mode.SMART, budget, "test"));
                    } catch (InterruptedException interrupted) {
                        report.completeExceptionally(interrupted);
                    }
                });
        return report;
    }

    private static ShutdownReport get(CompletableFuture<ShutdownReport> report) throws Exception {
        return report.get(20, TimeUnit.SECONDS);
    }

    /// Another thread goes inside: whoever asks is not the one that is waited for.
    private static Pass enter(Counter counter) throws Exception {
        var pass = new CompletableFuture<Pass>();
        Thread.ofVirtual().start(() -> pass.complete(counter.gate.enter("client", "GET")));
        return pass.get(10, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(10, TimeUnit.SECONDS));
    }

    @Test
    void shouldServeAgainWhenADrainIsTakenBack() throws Exception {
        // given a client inside, whom the stop waits for
        Counter disk = new Counter("disk");
        Counter clients = new Counter("clients", "disk");
        Scope scope = started(clients, disk);
        Pass inside = enter(clients);
        Token old = scope.token();
        Token oldOfComponent = clients.context.token();
        // when
        var report = stop(scope, BUDGET);
        await(clients.draining);
        Resumption answer = scope.resume("changed my mind");
        // then
        assertEquals(new Resumption.Resumed(2), answer);
        assertEquals(Ending.TAKEN_BACK, get(report).ending());
        assertEquals(State.RUNNING, scope.state());
        assertEquals(List.of("resume disk", "resume clients"), ofResumes());
        assertEquals(Level.DRAIN, old.level());
        assertEquals(Level.DRAIN, oldOfComponent.level());
        assertEquals(Level.NONE, scope.token().level());
        assertEquals(Level.NONE, clients.context.token().level());
        assertTrue(inside.isOpen());
        clients.gate.enter("client", "SET").close();
        clients.context.fork("late", () -> {}).join(Deadline.after(Env.system(), BUDGET));
        inside.close();
        // and stops for good later
        ShutdownReport last = scope.stop(Mode.SMART, BUDGET, "now");
        assertEquals(ExitCode.CLEAN, last.exitCode(), last.toPage());
        assertEquals(Ending.STOPPED, last.ending());
        assertThrows(StopException.class, () -> clients.gate.enter("client", "GET"));
    }

    private List<String> ofResumes() {
        return journal.stream().filter(line -> line.startsWith("resume")).toList();
    }

    @Test
    void shouldNotOpenAGateThatWasClosedBeforeTheStop() throws Exception {
        Counter clients = new Counter("clients");
        Scope scope = started(clients);
        Gate own = clients.context.gate("closed by itself");
        own.close();
        Pass inside = enter(clients);
        var report = stop(scope, BUDGET);
        await(clients.draining);
        assertInstanceOf(Resumption.Resumed.class, scope.resume("test"));
        assertTrue(get(report).isTakenBack());
        assertTrue(own.isClosed());
        assertFalse(clients.gate.isClosed());
        inside.close();
        scope.stop(Mode.SMART, BUDGET, "test");
    }

    @Test
    void shouldAnswerTooLateFromQuiesceOn() throws Exception {
        var quiescing = new CountDownLatch(1);
        Scope scope =
                started(
                        new Probe("producer", journal)
                                .in(Phase.QUIESCE)
                                .stopping((_, context) -> {
                                    quiescing.countDown();
                                    context.token().pause(Duration.ofMillis(100));
                                    return Outcome.done();
                                }));
        assertEquals(new Resumption.NotStopping(State.RUNNING), scope.resume("nothing to do"));
        var report = stop(scope, BUDGET);
        await(quiescing);
        assertEquals(new Resumption.TooLate(State.QUIESCING), scope.resume("too late"));
        assertEquals(ExitCode.CLEAN, get(report).exitCode());
        assertEquals(new Resumption.TooLate(State.STOPPED), scope.resume("much too late"));
    }

    @Test
    void shouldRefuseWhenAComponentWasAbandoned() throws Exception {
        // given one that hangs in REJECT, and a client that keeps DRAIN going
        Counter clients = new Counter("clients");
        Probe deaf =
                new Probe("deaf", journal)
                        .in(Phase.REJECT)
                        .stopping((_, _) -> {
                            while (!journal.contains("let go")) LockSupport.parkNanos(1_000_000);
                            return Outcome.done();
                        });
        Scope scope = started(clients, deaf);
        Pass inside = enter(clients);
        // when
        var report = stop(scope, SHORT);
        await(clients.draining);
        Resumption answer = scope.resume("test");
        // then
        assertEquals(new Resumption.Refused("deaf was abandoned"), answer);
        assertEquals(Ending.STOPPED, get(report).ending());
        assertTrue(ofResumes().isEmpty());
        journal.add("let go");
        inside.close();
    }

    @Test
    void shouldGoOnStoppingWhenADrainCannotBeEnded() throws Exception {
        // given one that is deaf in DRAIN: it is only found when the stop is being taken back
        var draining = new CountDownLatch(1);
        Probe deaf =
                new Probe("deaf", journal)
                        .in(Phase.DRAIN)
                        .stopping((_, _) -> {
                            draining.countDown();
                            while (!journal.contains("let go")) LockSupport.parkNanos(1_000_000);
                            return Outcome.done();
                        });
        Scope scope = started(deaf);
        var report = stop(scope, SHORT);
        await(draining);
        // when
        Resumption answer = scope.resume("test");
        journal.add("let go");
        // then
        assertEquals(new Resumption.Refused("deaf was abandoned"), answer);
        assertEquals(Fate.ABANDONED, get(report).components().get(0).fate());
        assertEquals(Ending.STOPPED, get(report).ending());
        assertEquals(State.STOPPED, scope.state());
    }

    @Test
    void shouldBringNestedScopesAlong() throws Exception {
        // given a database inside the server: it took no part, but its tokens read the stop
        var context = new AtomicReference<StartContext>();
        Counter poller = new Counter("poller");
        Scope db = Scope.builder("db", Env.system()).add(poller).build();
        Counter clients = new Counter("clients", "database");
        Probe database =
                new Probe("database", journal)
                        .in(Phase.RELEASE)
                        .starting(given -> {
                            context.set(given);
                            db.start();
                            given.adopt(db);
                        });
        Scope server = started(database, clients);
        Pass inside = enter(clients);
        Token old = poller.context.token();
        // when
        var report = stop(server, BUDGET);
        await(clients.draining);
        assertTrue(server.resume("test").isAccepted());
        // then
        assertTrue(get(report).isTakenBack());
        assertEquals(List.of("resume poller", "resume clients"), ofResumes());
        assertEquals(Level.DRAIN, old.level());
        assertEquals(Level.NONE, poller.context.token().level());
        poller.context.fork("late", () -> {}).join(Deadline.after(Env.system(), BUDGET));
        inside.close();
        assertEquals(ExitCode.CLEAN, server.stop(Mode.SMART, BUDGET, "now").exitCode());
    }

    @Test
    void shouldLeaveANestedScopeThatStopsByItself() throws Exception {
        // given a database that its embedder closes, within a server that drains
        Counter calls = new Counter("calls");
        Scope db = Scope.builder("db", Env.system()).add(calls).build();
        Counter clients = new Counter("clients");
        Scope server =
                Scope.builder("server", Env.system())
                        .nest(db, Set.of(), Set.of())
                        .add(clients)
                        .build();
        server.start();
        Pass caller = enter(calls);
        Pass client = enter(clients);
        var closed = stop(db, BUDGET);
        await(calls.draining);
        var stopped = stop(server, BUDGET);
        await(clients.draining);
        // when
        assertTrue(server.resume("test").isAccepted());
        // then
        assertTrue(get(stopped).isTakenBack());
        assertEquals(State.DRAINING, db.state());
        assertTrue(calls.gate.isClosed());
        caller.close();
        assertEquals(Ending.STOPPED, get(closed).ending());
        client.close();
        server.stop(Mode.SMART, BUDGET, "now");
    }

    @Test
    void shouldStopAgainWhenAStopComesAfterTheResume() throws Exception {
        Counter clients = new Counter("clients");
        Scope scope = started(clients);
        Pass inside = enter(clients);
        var first = stop(scope, BUDGET);
        await(clients.draining);
        assertTrue(scope.resume("test").isAccepted());
        inside.close();
        ShutdownReport second = scope.stop(Mode.SMART, BUDGET, "again");
        assertTrue(get(first).isTakenBack());
        assertEquals(Ending.STOPPED, second.ending());
        assertSame(second, scope.stop(Mode.SMART, BUDGET, "once more"));
    }

    @Test
    @Tag("LIFE-30")
    void life30ShouldTellEveryCallerOfAStopThatItWasTakenBack() throws Exception {
        Counter clients = new Counter("clients");
        Scope scope = started(clients);
        Pass inside = enter(clients);
        List<CompletableFuture<ShutdownReport>> callers = new ArrayList<>();
        callers.add(stop(scope, BUDGET));
        await(clients.draining);
        var arrived = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            Thread.ofVirtual().start(arrived::countDown);
            callers.add(stop(scope, BUDGET));
        }
        await(arrived);
        while (scope.whyStuck().waits().stream()
                        .filter(wait -> wait.resource().startsWith("report"))
                        .count()
                < 3) Thread.onSpinWait();
        assertTrue(scope.resume("test").isAccepted());
        ShutdownReport first = get(callers.get(0));
        for (var caller : callers) assertSame(first, get(caller));
        assertTrue(first.isTakenBack());
        inside.close();
        scope.stop(Mode.SMART, BUDGET, "now");
    }

    @Test
    void shouldAnswerWhoeverAsksFromInsideWithoutWaitingForItself() throws Exception {
        // given a client that takes the stop back by a command, while it is waited for
        Counter clients = new Counter("clients");
        Scope scope = started(clients);
        var report = new CompletableFuture<ShutdownReport>();
        Resumption answer;
        try (Pass _ = clients.gate.enter("client", "SHUTDOWN ABORT")) {
            stop(scope, BUDGET).thenAccept(report::complete);
            await(clients.draining);
            answer = scope.resume("by a client");
        }
        assertInstanceOf(Resumption.UnderWay.class, answer);
        assertTrue(get(report).isTakenBack());
        scope.stop(Mode.SMART, BUDGET, "now");
    }

    @Test
    void shouldFailTheComponentWhoseResumeThrows() throws Exception {
        var told = new CompletableFuture<String>();
        Counter clients = new Counter("clients");
        Component broken =
                new Component() {
                    @Override
                    public String name() {
                        return "broken";
                    }

                    @Override
                    public Set<Phase> phases() {
                        return Set.of(Phase.ANNOUNCE);
                    }

                    @Override
                    public void start(StartContext context) {}

                    @Override
                    public Outcome stop(Phase phase, StopContext context) {
                        return Outcome.done();
                    }

                    @Override
                    public void resume() {
                        throw new IllegalStateException("port taken");
                    }
                };
        Scope scope = started(clients, broken);
        scope.onFailure((who, error) -> told.complete(who + " " + error.getMessage()));
        Pass inside = enter(clients);
        var report = stop(scope, BUDGET);
        await(clients.draining);
        assertTrue(scope.resume("test").isAccepted());
        assertEquals("broken port taken", told.get(10, TimeUnit.SECONDS));
        assertTrue(get(report).isTakenBack());
        inside.close();
        scope.stop(Mode.SMART, BUDGET, "now");
    }

    @Test
    @Tag("LIFE-4")
    void life4ShouldNotFailATaskThatAStopEndedWhichWasTakenBack() throws Exception {
        // given a task that the stop has refused something, and that ends only after the resume
        Counter clients = new Counter("clients");
        Scope scope = started(clients);
        var failures = new CopyOnWriteArrayList<String>();
        scope.onFailure((who, _) -> failures.add(who));
        Pass inside = enter(clients);
        var refused = new CountDownLatch(1);
        var resumed = new CountDownLatch(1);
        Task task =
                clients.context.fork(
                        "worker",
                        () -> {
                            await(clients.draining);
                            var refusal =
                                    clients.context
                                            .token()
                                            .stopped(Certainty.NOT_APPLIED, "more work");
                            refused.countDown();
                            await(resumed);
                            throw refusal;
                        });
        var report = stop(scope, BUDGET);
        await(refused);
        // when
        assertTrue(scope.resume("test").isAccepted());
        resumed.countDown();
        assertTrue(task.join(Deadline.after(Env.system(), BUDGET)));
        // then
        assertTrue(get(report).isTakenBack());
        assertEquals(List.of(), failures);
        inside.close();
        assertEquals(ExitCode.CLEAN, scope.stop(Mode.SMART, BUDGET, "now").exitCode());
    }
}
