package dev.holdfast.lifecycle;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.tangle.Meter;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.StateWord;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The start of a scope: one component after the other, each on a thread of its own, until all run,
/// one fails, the time is up, or a stop is asked for.
final class StartRun {
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Scope.Crew crew;
    private final Deadline deadline;
    private final BooleanSupplier isStopAsked;
    private final StateWord control;
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitPoint over;
    private final List<Cell> started = new ArrayList<>();
    private @Nullable Cell failed;
    private @Nullable Throwable failure;
    private boolean hangs;

    StartRun(Scope.Crew crew, Duration budget, BooleanSupplier isStopAsked) {
        this.crew = crew;
        this.isStopAsked = isStopAsked;
        deadline = Deadline.after(crew.env(), budget);
        control = crew.word().nest("start of " + crew.name());
        over = new WaitPoint(lock, WaitKind.TASK, "a component to start", "components");
    }

    /// Has the run look again whether a stop is asked for.
    void wake() {
        control.wake();
    }

    /// True if every component runs now.
    boolean run() throws InterruptedException {
        try {
            for (Cell cell : crew.named(crew.order().startOrder())) {
                if (isStopAsked.getAsBoolean() || !start(cell)) return false;
            }
            return !isStopAsked.getAsBoolean();
        } finally {
            control.leave();
        }
    }

    private boolean start(Cell cell) throws InterruptedException {
        cell.word().advance(State.STARTING, Level.NONE);
        Attempt attempt = new Attempt(cell);
        cell.runOnThread("start " + cell.name(), attempt::run);
        boolean isOver = await(attempt);
        if (isOver && attempt.thrown == null) {
            cell.word().advance(State.RUNNING, Level.NONE);
            started.add(cell);
            return true;
        }
        failed = cell;
        hangs = !isOver;
        failure = isOver ? attempt.thrown : new IllegalStateException("did not start in time");
        return false;
    }

    /// True once the attempt is over; false if it hangs although it was told to abort.
    private boolean await(Attempt attempt) throws InterruptedException {
        lock.lock();
        try {
            BooleanSupplier settled = () -> attempt.isOver || isStopAsked.getAsBoolean();
            over.await(settled, deadline, control.token());
            if (attempt.isOver) return true;
            attempt.cell.word().advance(State.STARTING, Level.ABORT);
            Deadline grace = Deadline.after(crew.env(), GRACE);
            Token uncancelled = Token.standalone(crew.env());
            return over.await(() -> attempt.isOver, grace, uncancelled) == WaitResult.SATISFIED;
        } finally {
            lock.unlock();
        }
    }

    /// Those that run.
    List<Cell> started() {
        return started;
    }

    /// The one that did not start.
    @Nullable Cell failed() {
        return failed;
    }

    /// True if its start still runs.
    boolean hangs() {
        return hangs;
    }

    /// Why it did not.
    @Nullable Throwable failure() {
        return failure;
    }

    private final class Attempt implements StartContext {
        private final Cell cell;
        private @Nullable Throwable thrown; // guarded by `lock`
        private boolean isOver; // guarded by `lock`

        Attempt(Cell cell) {
            this.cell = cell;
        }

        void run() {
            Throwable error = null;
            try {
                cell.component().start(this);
            } catch (Throwable any) { // whatever a component throws, the start is rolled back
                error = any;
            }
            lock.lock();
            try {
                thrown = error;
                isOver = true;
                over.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Task fork(String name, Task.Body body) {
            return cell.fork(name, body);
        }

        @Override
        public Task forkBusy(String name, Task.Body body) {
            return cell.forkBusy(name, body);
        }

        @Override
        public Token token() {
            return cell.token();
        }

        @Override
        public Deadline deadline() {
            return deadline;
        }

        @Override
        public Env env() {
            return crew.env();
        }

        @Override
        public void adopt(Scope inner) {
            cell.adopt(inner);
        }

        @Override
        public Gate gate(String name) {
            Gate gate = new Gate(name, cell.token());
            cell.watch(gate);
            return gate;
        }

        @Override
        public void watch(Gate gate) {
            cell.watch(gate);
        }

        @Override
        public void watch(String what, LongSupplier done, LongSupplier left) {
            cell.watch(new Meter(what, done, left));
        }

        @Override
        public void watch(Mailbox<?> mailbox) {
            cell.watch(mailbox);
        }
    }
}
