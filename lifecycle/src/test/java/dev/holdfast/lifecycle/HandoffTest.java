package dev.holdfast.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.ShutdownReport.Ending;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Pass;
import dev.holdfast.lifecycle.wait.State;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A full synchronisation in progress when a stop comes: waited for, cut, or a reason not to stop.
@Timeout(30)
class HandoffTest {
    private static final Duration BUDGET = Duration.ofSeconds(10);

    private final CopyOnWriteArrayList<String> journal = new CopyOnWriteArrayList<>();

    /// Hands over to a replica, which is inside its gate meanwhile.
    private final class Replication implements Component {
        private final Handoff handoff;
        private final Set<Phase> phases;
        private final CountDownLatch waiting = new CountDownLatch(1);
        private Gate syncs;

        Replication(Handoff handoff, Phase... phases) {
            this.handoff = handoff;
            this.phases = Set.of(phases);
        }

        /// A full synchronisation, on a thread of its own.
        Pass sync() {
            return CompletableFuture.supplyAsync(() -> syncs.enter("replica 1", "full sync"))
                    .join();
        }

        @Override
        public String name() {
            return "replication";
        }

        @Override
        public Set<Phase> phases() {
            return phases;
        }

        @Override
        public Handoff handoff() {
            return handoff;
        }

        @Override
        public void start(StartContext context) {
            syncs = context.gate("full syncs");
        }

        @Override
        public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
            waiting.countDown();
            if (phase != Phase.HANDOFF) return Outcome.done();
            journal.add("HANDOFF " + context.level());
            int left = syncs.drain(context.deadline(), context.token()).size();
            return Outcome.cut("full syncs", left);
        }

        @Override
        public void resume() {
            journal.add("resumed");
        }
    }

    private static Scope started(Component component) throws Exception {
        Scope scope = Scope.builder("server", Env.system()).add(component).build();
        scope.start();
        return scope;
    }

    @Test
    void shouldWaitForAHandOffInASmartStop() throws Exception {
        // given
        var replication = new Replication(Component.Handoff.WAIT, Phase.HANDOFF);
        Scope scope = started(replication);
        Pass sync = replication.sync();
        Env.system()
                .start(
                        "replica",
                        () -> {
                            Task.attempt(replication.waiting::await);
                            sync.close();
                        });
        // when
        ShutdownReport report = scope.stop(Mode.SMART, BUDGET, "test");
        // then
        assertEquals(List.of("HANDOFF DRAIN"), journal);
        assertEquals(ExitCode.CLEAN, report.exitCode());
    }

    @Test
    void shouldCutAHandOffInAFastStopAlsoOfWhoPersists() throws Exception {
        // given
        var replication = new Replication(Component.Handoff.WAIT, Phase.PERSIST, Phase.HANDOFF);
        Scope scope = started(replication);
        Pass sync = replication.sync();
        // when
        ShutdownReport report = scope.stop(Mode.FAST, Duration.ofMinutes(5), "test");
        sync.close();
        // then
        assertEquals(ExitCode.CUT_SHORT, report.exitCode());
        assertTrue(report.toPage().contains("1 full syncs"), report.toPage());
    }

    @Test
    void shouldCutAHandOffAtOnceWhereThatIsThePolicy() throws Exception {
        // given
        var replication = new Replication(Component.Handoff.CUT, Phase.PERSIST, Phase.HANDOFF);
        Scope scope = started(replication);
        Pass sync = replication.sync();
        // when
        ShutdownReport report = scope.stop(Mode.SMART, Duration.ofMinutes(5), "test");
        sync.close();
        // then
        assertEquals(List.of("HANDOFF ABORT"), journal);
        assertEquals(ExitCode.CUT_SHORT, report.exitCode());
    }

    @Test
    void shouldTakeASmartStopBackWhereAHandOffRefusesIt() throws Exception {
        // given
        var replication = new Replication(Component.Handoff.REFUSE, Phase.HANDOFF);
        Scope scope = started(replication);
        Pass sync = replication.sync();
        // when
        ShutdownReport refused = scope.stop(Mode.SMART, BUDGET, "test");
        State meanwhile = scope.state();
        sync.close();
        ShutdownReport stopped = scope.stop(Mode.SMART, BUDGET, "test");
        // then
        assertEquals(Ending.TAKEN_BACK, refused.ending());
        assertEquals(State.RUNNING, meanwhile);
        assertEquals(List.of("resumed", "HANDOFF DRAIN"), journal);
        assertEquals(ExitCode.CLEAN, stopped.exitCode());
    }

    @Test
    void shouldNotBeRefusedInAFastStop() throws Exception {
        // given
        var replication = new Replication(Component.Handoff.REFUSE, Phase.HANDOFF);
        Scope scope = started(replication);
        Pass sync = replication.sync();
        // when
        ShutdownReport report = scope.stop(Mode.FAST, Duration.ofMinutes(5), "test");
        sync.close();
        // then
        assertEquals(Ending.STOPPED, report.ending());
        assertEquals(ExitCode.CUT_SHORT, report.exitCode());
    }
}
