package dev.holdfast.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.ErrorVerdict.Severity;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.gate.Offer;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The incidents that the kernel exists for, each played through on it.
@Timeout(30)
class IncidentTest {
    private static final Duration BUDGET = Duration.ofSeconds(5);
    private static final long REPLY_NANOS = 50_000_000;

    private final CopyOnWriteArrayList<String> journal = new CopyOnWriteArrayList<>();

    private Probe probe(String name) {
        return new Probe(name, journal);
    }

    private static Deadline soon() {
        return Deadline.after(Env.system(), Duration.ofSeconds(10));
    }

    /// A receiver saw its timeline stop and ended; the record in flight failed and was logged as
    /// critical, because the token was set after the state.
    @Test
    @Tag("INC-1")
    void inc1ShouldNotTakeARecordCutByTheStopForAFailure() throws Exception {
        // given a receiver that ends as soon as it sees the state, whatever its record met
        var severities = new CopyOnWriteArrayList<Severity>();
        Scope[] timeline = new Scope[1];
        Probe receiver =
                probe("wal-receiver")
                        .in(Phase.QUIESCE)
                        .starting(context ->
                                context.fork(
                                        "wal-receiver",
                                        () -> receive(timeline, severities, context)));
        timeline[0] = Scope.builder("timeline", Env.system()).add(receiver).build();
        timeline[0].start();
        // when
        ShutdownReport report = timeline[0].stop(Mode.SMART, BUDGET, "SIGTERM");
        // then
        assertEquals(List.of(Severity.EXPECTED_STOP), severities);
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
    }

    private static void receive(
            Scope[] timeline, CopyOnWriteArrayList<Severity> severities, StartContext context) {
        while (timeline[0] == null || !timeline[0].state().isStopping()) Thread.onSpinWait();
        try {
            context.token().refuseAt(Level.DRAIN, "record in flight refused");
            severities.add(Severity.REAL); // state before token: the original mistake
        } catch (StopException cut) {
            severities.add(timeline[0].judge(cut).severity());
        }
    }

    /// A checkpointer waited without limit for the position of a queue whose writer was gone.
    @Test
    @Tag("INC-2")
    void inc2ShouldEndTheWaitForAQueueWhoseWriterIsGone() throws Exception {
        // given
        var lock = new ReentrantLock();
        var uploaded = new WaitPoint(lock, WaitKind.DURABILITY, "queue position 9", "queue-writer");
        var result = new CompletableFuture<WaitResult>();
        Scope scope =
                Scope.builder("store", Env.system())
                        .add(
                                probe("checkpointer")
                                        .in(Phase.PERSIST)
                                        .starting(context ->
                                                context.fork(
                                                        "checkpointer",
                                                        () -> {
                                                            lock.lock();
                                                            try {
                                                                result.complete(
                                                                        uploaded.await(
                                                                                () -> false,
                                                                                soon(),
                                                                                context.token()));
                                                            } finally {
                                                                lock.unlock();
                                                            }
                                                        })))
                        .add(
                                probe("queue-writer")
                                        .in(Phase.PERSIST)
                                        .starting(
                                                context -> context.fork("queue-writer", () -> {})))
                        .build();
        // when
        scope.start();
        // then
        assertEquals(WaitResult.WAKER_GONE, result.get(5, TimeUnit.SECONDS));
        assertEquals(ExitCode.CLEAN, scope.stop(Mode.SMART, BUDGET, "SIGTERM").exitCode());
    }

    /// Clients were closed before their replies, and what was released first was left to chance.
    @Test
    @Tag("INC-3")
    void inc3ShouldSendEveryReplyBeforeConnectionsAreReleased() throws Exception {
        // given a request in flight, over a connection, when the stop begins
        var connections = new CopyOnWriteArrayList<>(List.of("client 1"));
        var replies = new CopyOnWriteArrayList<String>();
        ScopeBuilder builder = Scope.builder("server", Env.system());
        Gate gate = builder.gate("requests");
        Probe server =
                probe("redis")
                        .requires("listener")
                        .in(Phase.REJECT, Phase.DRAIN)
                        .starting(context -> {
                            var pass = gate.enter("client 1", "SET");
                            context.fork(
                                    "request",
                                    () -> {
                                        while (!gate.isClosed()) Thread.onSpinWait();
                                        LockSupport.parkNanos(
                                                50_000_000); // the reply takes a moment
                                        replies.add("OK over " + connections);
                                        pass.close();
                                    });
                        })
                        .stopping((phase, context) -> {
                            gate.close();
                            int left =
                                    phase == Phase.DRAIN
                                            ? gate.drain(context.deadline()).size()
                                            : 0;
                            return Outcome.cut("requests", left);
                        });
        Probe listener =
                probe("listener")
                        .in(Phase.RELEASE)
                        .stopping((_, _) -> {
                            connections.clear();
                            return Outcome.done();
                        });
        Scope scope = builder.add(server).add(listener).build();
        scope.start();
        // when
        ShutdownReport report = scope.stop(Mode.SMART, BUDGET, "SIGTERM");
        // then
        assertEquals(List.of("OK over [client 1]"), replies);
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
    }

    /// An orchestrator returned at once while its workers still ran; what they finished was lost.
    @Test
    @Tag("INC-4")
    void inc4ShouldRecordWhatWorkersFinishDuringTheStop() throws Exception {
        // given an orchestrator that requires its workers, and workers that finish only when told
        // to stop
        var finished = new Mailbox<String>("finished", 10, "workers", "orchestrator");
        var recorded = new CopyOnWriteArrayList<String>();
        Probe workers =
                probe("workers")
                        .feeds("orchestrator")
                        .in(Phase.QUIESCE)
                        .stopping((_, _) -> {
                            for (int i = 0; i < 5; i++) {
                                assertEquals(Offer.ACCEPTED, finished.offer("sst " + i));
                            }
                            return Outcome.done("compactions", 5);
                        });
        Task[] recording = new Task[1];
        Probe orchestrator =
                probe("orchestrator")
                        .requires("workers")
                        .in(Phase.QUIESCE)
                        .starting(context ->
                                recording[0] =
                                        context.fork(
                                                "recording",
                                                () -> record(finished, recorded, context)))
                        .stopping((_, context) -> {
                            finished.seal(context.reason());
                            boolean isOver = recording[0].join(context.deadline());
                            return isOver
                                    ? Outcome.done("results", recorded.size())
                                    : Outcome.cut("results", finished.size());
                        });
        Scope scope =
                Scope.builder("compactor", Env.system()).add(workers).add(orchestrator).build();
        scope.start();
        // when
        ShutdownReport report = scope.stop(Mode.SMART, BUDGET, "SIGTERM");
        // then
        assertEquals(5, recorded.size(), report.toPage());
        assertEquals(Offer.SEALED, finished.offer("late"));
        assertEquals(ExitCode.CLEAN, report.exitCode(), report.toPage());
    }

    private static void record(
            Mailbox<String> finished, List<String> recorded, StartContext context)
            throws InterruptedException {
        while (!finished.isFinished()) {
            String next = finished.take(soon(), context.token());
            if (next != null) recorded.add(next);
        }
    }

    /// The report names what was wrong, in words and in JSON.
    @Test
    void shouldWriteTheReportAsAPageAndAsJson() throws Exception {
        Scope scope =
                Scope.builder("server \"one\"", Env.system())
                        .add(
                                probe("flusher")
                                        .in(Phase.PERSIST)
                                        .stopping((_, _) -> Outcome.cut("frozen memtables", 2)))
                        .build();
        scope.start();
        ShutdownReport report = scope.stop(Mode.SMART, BUDGET, "SIGTERM");
        String json = report.toJson();
        String head = "{\"version\":1,\"scope\":\"server \\\"one\\\"\",\"ending\":\"STOPPED\",";
        assertTrue(json.startsWith(head + "\"exitCode\":21,"), json);
        assertTrue(json.contains("\"phase\":\"PERSIST\""), json);
        assertTrue(
                json.contains(
                        "{\"component\":\"flusher\",\"fate\":\"CUT\","
                                + "\"detail\":\"PERSIST: 2 frozen memtables\",\"holders\":[]}"),
                json);
        assertTrue(report.toPage().contains("flusher cut 2 frozen memtables"), report.toPage());
        assertFalse(report.toPage().contains("abandoned"), report.toPage());
    }
}
