package dev.holdfast.lifecycle;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The way back of a stop that has not come to QUIESCE: every component serves again, what is
/// required before what requires it, and then the gates open.
///
/// Each component gets its turn on a thread of its own and an even share of the time that is left.
/// One that throws or takes longer has failed, as if a task of it had: the rest serves on, and
/// whoever listens for failures decides.
final class TakeBack {
    private final StopRun stop;
    private final Deadline deadline;
    private final Token control;
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitPoint over;

    TakeBack(StopRun stop, Deadline deadline) {
        this.stop = stop;
        this.deadline = deadline;
        control = stop.control();
        String resource = "resume of " + stop.crew().name();
        over = new WaitPoint(lock, WaitKind.OTHER, resource, "components");
    }

    /// Has every component resume. The words have stepped back already.
    void run() {
        List<Cell> cells = new ArrayList<>();
        for (Cell cell : stop.crew().named(stop.crew().order().startOrder())) {
            if (stop.started().contains(cell)) addWithInner(cell, cells);
        }
        for (int i = 0; i < cells.size(); i++) {
            Deadline part = deadline.atMost(deadline.remaining().dividedBy(cells.size() - i));
            resume(cells.get(i), part);
        }
        stop.openGates().forEach(Gate::reopen);
    }

    // A scope inside that stops on its own account goes on with that.
    private static void addWithInner(Cell cell, List<Cell> cells) {
        Scope inner = cell.inner();
        if (inner != null && inner.state() == State.RUNNING) {
            for (Cell each : inner.startedCells()) addWithInner(each, cells);
        }
        cells.add(cell);
    }

    private void resume(Cell cell, Deadline part) {
        if (cell.failure() != null) return;
        Turn turn = new Turn(cell);
        cell.runOnThread("resume " + cell.name(), turn::run);
        Throwable failure = turn.await(part);
        if (failure != null) cell.owner().taskFailed(cell, failure);
    }

    private final class Turn {
        private final Cell cell;
        private @Nullable Throwable thrown; // guarded by `lock`
        private boolean isOver; // guarded by `lock`

        Turn(Cell cell) {
            this.cell = cell;
        }

        void run() {
            Throwable error = null;
            try {
                cell.component().resume();
            } catch (Throwable any) { // whatever a component throws, the others serve again
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

        /// What it threw, or that it takes too long; null if it serves again.
        @Nullable Throwable await(Deadline part) {
            lock.lock();
            try {
                WaitResult result = over.awaitUninterruptibly(() -> isOver, part, control);
                if (result == WaitResult.SATISFIED) return thrown;
                return new IllegalStateException(cell.name() + " did not resume in time");
            } finally {
                lock.unlock();
            }
        }
    }
}
