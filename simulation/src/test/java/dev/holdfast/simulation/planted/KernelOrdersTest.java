package dev.holdfast.simulation.planted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ScopeBuilder;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StartException;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.gate.Offer;
import dev.holdfast.lifecycle.gate.Pass;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.StateWord;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import dev.holdfast.simulation.explore.Exhaustive;
import dev.holdfast.simulation.explore.Exhaustive.Reach;
import dev.holdfast.simulation.explore.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The kernel's core protocols in every order of up to three actors; the counts are printed. Beside
/// each stands a planted bug that the same exploration must find.
@Timeout(300)
class KernelOrdersTest {
    private static final int SAMPLES = 300;

    private static void explore(String what, Reach reach, Supplier<? extends Scenario> scenarios) {
        System.out.println("all orders: " + what + ": " + Exhaustive.explore(reach, scenarios));
    }

    private static void explore(String what, Supplier<? extends Scenario> scenarios) {
        explore(what, Reach.USUAL, scenarios);
    }

    private static void mustFind(Supplier<? extends Scenario> planted) {
        AssertionError found =
                assertThrows(AssertionError.class, () -> Exhaustive.explore(planted));
        assertTrue(found.getMessage().contains("in this order"), found.getMessage());
    }

    /// A stop, a resume, and a reader of state and token.
    private static final class StopAndResume extends Actors {
        private final int readers;

        StopAndResume(int readers) {
            this.readers = readers;
        }

        @Override
        List<Deed> deeds(Env world) {
            var word = new StateWord("scope", world);
            word.advance(State.RUNNING, Level.NONE);
            Token token = word.token();
            List<Deed> deeds = new ArrayList<>();
            deeds.add(() -> word.advance(State.DRAINING, Level.DRAIN));
            deeds.add(word::resume);
            for (int i = 0; i < readers; i++) deeds.add(() -> read(word, token));
            return deeds;
        }

        private void read(StateWord word, Token token) {
            State state = word.state();
            Level first = token.level();
            Level second = token.level();
            must(!state.isStopping() || first != Level.NONE, "LIFE-1: " + state + " at " + first);
            must(second.isAtLeast(first), "LIFE-3: " + first + " fell to " + second);
        }
    }

    @Test
    void shouldNeverShowAStoppingStateBeforeItsTokenInAnyOrder() {
        explore("stop, resume, read (LIFE-1, 3)", () -> new StopAndResume(1));
        System.out.println(
                "random: stop, resume, 4 readers: "
                        + Exhaustive.sample(SAMPLES, () -> new StopAndResume(4)));
        mustFind(() ->
                new Actors() {
                    @Override
                    List<Deed> deeds(Env world) {
                        var words = new TwoWords();
                        return List.of(words::drain, () -> read(words));
                    }

                    private void read(TwoWords words) {
                        State state = words.state();
                        Level level = words.level();
                        must(!state.isStopping() || level != Level.NONE, "LIFE-1");
                    }
                });
    }

    /// Two tokens of siblings, read one after the other, while the parent stops and resumes.
    private static final class Siblings extends Actors {
        @Override
        List<Deed> deeds(Env world) {
            var parent = new StateWord("parent", world);
            StateWord left = parent.nest("left");
            StateWord right = parent.nest("right");
            for (StateWord each : List.of(parent, left, right)) {
                each.advance(State.RUNNING, Level.NONE);
            }
            Token leftToken = left.token();
            Token rightToken = right.token();
            return List.of(
                    () -> parent.advance(State.DRAINING, Level.DRAIN),
                    parent::resume,
                    () -> {
                        Level first = leftToken.level();
                        Level second = rightToken.level();
                        must(second.isAtLeast(first), "LIFE-2: " + first + " then " + second);
                    });
        }
    }

    @Test
    void shouldLetSiblingsAgreeOnTheirParentInAnyOrder() {
        explore("siblings of a parent that stops and resumes (LIFE-2)", Siblings::new);
    }

    /// Someone enters and leaves while another closes and drains.
    private static final class EnterAndDrain extends Actors {
        private final AtomicBoolean isDrained = new AtomicBoolean();

        @Override
        List<Deed> deeds(Env world) {
            Token token = Token.standalone(world);
            var gate = new Gate("door", token);
            return List.of(
                    () -> visit(gate),
                    () -> {
                        boolean nobody = gate.drain(farAway(), token).isEmpty();
                        must(nobody, "LIFE-15: somebody stayed for ever");
                        isDrained.set(true);
                    });
        }

        private void visit(Gate gate) {
            try (Pass pass = gate.enter("visitor", "visits")) {
                must(pass.isOpen() && !isDrained.get(), "LIFE-14: entered after the drain");
            } catch (StopException refused) {
                must(gate.isClosed(), "LIFE-14: refused by an open gate");
            }
        }
    }

    /// Someone inside forks and leaves while another looks whether the gate is empty.
    private static final class ForkAndLook extends Actors {
        private final AtomicBoolean wasEmpty = new AtomicBoolean();

        @Override
        List<Deed> deeds(Env world) {
            var gate = new Gate("door", Token.standalone(world));
            Pass pass = gate.enter("visitor", "visits");
            gate.close();
            return List.of(
                    () -> {
                        pass.fork(world, "forked", () -> must(!wasEmpty.get(), "LIFE-15"));
                        pass.close();
                    },
                    () -> {
                        if (gate.isEmpty()) wasEmpty.set(true);
                    });
        }
    }

    @Test
    void shouldLetNobodyIntoADrainedGateInAnyOrder() {
        explore("enter, leave, close and drain (LIFE-14, 15)", EnterAndDrain::new);
        explore("fork inside, leave, look (LIFE-14, 15)", ForkAndLook::new);
        mustFind(() ->
                new Actors() {
                    private final AtomicBoolean isEmpty = new AtomicBoolean();

                    @Override
                    List<Deed> deeds(Env world) {
                        var gate = new LooseGate();
                        return List.of(
                                () -> {
                                    if (!gate.enter()) return;
                                    must(!isEmpty.get(), "LIFE-14");
                                    gate.leave();
                                },
                                () -> isEmpty.set(gate.closeAndSeeEmpty()));
                    }
                });
    }

    /// One offers, one seals, one takes what there is.
    private static final class OfferAndSeal extends Actors {
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger taken = new AtomicInteger();
        private final Mailbox<Integer> box = new Mailbox<>("box", 4, "producer", "consumer");

        @Override
        List<Deed> deeds(Env world) {
            Token token = Token.standalone(world);
            return List.of(
                    () -> {
                        if (box.offer(1) == Offer.ACCEPTED) accepted.incrementAndGet();
                    },
                    () -> box.seal("the end"),
                    () -> {
                        while (box.take(farAway(), token) != null) taken.incrementAndGet();
                        must(box.isFinished(), "LIFE-22: taken to the end, yet not finished");
                    });
        }

        @Override
        void end() {
            assertEquals(accepted.get(), taken.get(), "LIFE-24: accepted, and never taken");
            assertEquals(Offer.SEALED, box.offer(3), "LIFE-24");
        }
    }

    @Test
    void shouldLoseNothingThatASealedMailboxAcceptedInAnyOrder() {
        explore("offer, seal, take (LIFE-22, 24)", OfferAndSeal::new);
        mustFind(() ->
                new Actors() {
                    private final AtomicInteger left = new AtomicInteger();

                    @Override
                    List<Deed> deeds(Env world) {
                        var box = new LooseBox();
                        return List.of(
                                () -> {
                                    if (box.offer(1)) left.incrementAndGet();
                                },
                                box::seal,
                                () -> {
                                    if (!box.isSealed()) return;
                                    if (box.poll() != null) left.decrementAndGet();
                                    must(left.get() == 0, "LIFE-24");
                                });
                    }

                    @Override
                    void end() {}
                });
    }

    /// One waits; others signal, cancel, or announce that the waker has gone.
    private static final class WaitAndWake extends Actors {
        private final AtomicReference<WaitResult> result = new AtomicReference<>();
        private final List<WaitResult> expected;
        private final boolean[] holds = new boolean[1]; // guarded by the lock
        private final List<Waking> wakings;

        /// What makes a wait end.
        enum Waking {
            SIGNAL,
            CANCEL,
            WAKER_GONE
        }

        WaitAndWake(List<Waking> wakings, List<WaitResult> expected) {
            this.wakings = wakings;
            this.expected = expected;
        }

        @Override
        List<Deed> deeds(Env world) {
            var word = new StateWord("scope", world);
            word.advance(State.RUNNING, Level.NONE);
            var lock = new ReentrantLock();
            var point = new WaitPoint(lock, WaitKind.IDLE, "something", "waker");
            Deadline deadline = Deadline.after(world, Duration.ofMinutes(1));
            List<Deed> deeds = new ArrayList<>();
            deeds.add(() -> await(lock, point, deadline, word.token()));
            for (Waking each : wakings) deeds.add(() -> wake(each, lock, point, word));
            return deeds;
        }

        private void await(ReentrantLock lock, WaitPoint point, Deadline until, Token token)
                throws InterruptedException {
            lock.lock();
            try {
                result.set(point.await(() -> holds[0], until, token));
            } finally {
                lock.unlock();
            }
        }

        private void wake(Waking how, ReentrantLock lock, WaitPoint point, StateWord word) {
            switch (how) {
                case SIGNAL -> {
                    lock.lock();
                    try {
                        holds[0] = true;
                        point.signalAll();
                    } finally {
                        lock.unlock();
                    }
                }
                case CANCEL -> word.advance(State.RUNNING, Level.ABORT);
                case WAKER_GONE -> word.announceGone("waker");
            }
        }

        @Override
        void end() {
            assertTrue(expected.contains(result.get()), "LIFE-8, 9: ended as " + result.get());
        }
    }

    @Test
    void shouldEndEveryWaitForWhoeverWakesItInAnyOrder() {
        explore(
                "wait, signal, cancel (LIFE-8)",
                () ->
                        new WaitAndWake(
                                List.of(WaitAndWake.Waking.SIGNAL, WaitAndWake.Waking.CANCEL),
                                List.of(WaitResult.SATISFIED, WaitResult.CANCELLED)));
        explore(
                "wait, signal, waker gone (LIFE-9)",
                () ->
                        new WaitAndWake(
                                List.of(WaitAndWake.Waking.SIGNAL, WaitAndWake.Waking.WAKER_GONE),
                                List.of(WaitResult.SATISFIED, WaitResult.WAKER_GONE)));
        explore(
                "wait, signal, expiry at any point (LIFE-8)",
                Reach.WITH_TIMERS,
                () ->
                        new WaitAndWake(
                                List.of(WaitAndWake.Waking.SIGNAL),
                                List.of(WaitResult.SATISFIED, WaitResult.EXPIRED)));
        mustFind(() ->
                new Actors() {
                    @Override
                    List<Deed> deeds(Env world) {
                        var deaf = new DeafWait();
                        return List.of(deaf::await, deaf::signal);
                    }
                });
    }

    /// Several ask one scope to stop, perhaps while it starts, and a signal raises the mode.
    private static final class SeveralStops extends Actors {
        private final int stoppers;
        private final List<Component> components;
        private final List<AtomicReference<ShutdownReport>> reports = new ArrayList<>();

        SeveralStops(int stoppers, Component... components) {
            this.stoppers = stoppers;
            this.components = List.of(components);
        }

        @Override
        List<Deed> deeds(Env world) {
            ScopeBuilder builder = Scope.builder("scope", world);
            components.forEach(builder::add);
            Scope scope = builder.build();
            List<Deed> deeds = new ArrayList<>();
            for (int i = 0; i < stoppers; i++) {
                var report = new AtomicReference<ShutdownReport>();
                reports.add(report);
                deeds.add(() -> report.set(scope.stop(Mode.SMART, Duration.ofSeconds(9), "asked")));
            }
            if (components.isEmpty()) return deeds;
            deeds.add(() -> scope.escalate(Mode.FAST));
            deeds.add(() -> start(scope));
            return deeds;
        }

        private static void start(Scope scope) throws InterruptedException {
            try {
                scope.start();
            } catch (StartException stopped) {
                // a stop came first, or meanwhile: its report is what counts
            }
        }

        @Override
        void end() {
            ShutdownReport first = reports.getFirst().get();
            for (var each : reports)
                assertTrue(first == each.get(), "LIFE-30: two stops, two reports");
        }
    }

    /// Takes part in every phase, and does its work on a task.
    private static final class Worker implements Component {
        private final AtomicReference<Task> work = new AtomicReference<>();

        @Override
        public String name() {
            return "worker";
        }

        @Override
        public Set<Phase> phases() {
            return EnumSet.allOf(Phase.class);
        }

        @Override
        public void start(StartContext context) {
            Token untilStop = context.token().untilDrain();
            work.set(context.fork("work", () -> untilStop.pause(Duration.ofMinutes(1))));
        }

        @Override
        public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
            boolean isOver = phase != Phase.QUIESCE || work.get().join(context.deadline());
            return Outcome.cut("work", isOver ? 0 : 1);
        }
    }

    @Test
    void shouldGiveAllWhoStopOneReportInAnyOrder() {
        explore("two stops (LIFE-30)", () -> new SeveralStops(2));
        System.out.println(
                "random: three stops, a signal, a start (LIFE-30): "
                        + Exhaustive.sample(SAMPLES, () -> new SeveralStops(3, new Worker())));
    }
}
