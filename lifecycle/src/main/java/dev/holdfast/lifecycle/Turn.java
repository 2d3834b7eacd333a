package dev.holdfast.lifecycle;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.lifecycle.wait.Token;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One component's part in one phase: runs its stop, and what the component is given meanwhile.
final class Turn implements StopContext {
    private final Cell cell;
    private final Phase phase;
    private final StopRun stop;
    private final Supplier<Deadline> deadline;
    private volatile @Nullable Outcome outcome;

    Turn(Cell cell, Phase phase, StopRun stop, Supplier<Deadline> deadline) {
        this.cell = cell;
        this.phase = phase;
        this.stop = stop;
        this.deadline = deadline;
    }

    /// Runs the component's stop, and in RELEASE waits for its tasks to end. `whenOver` is called
    /// in the end, but not while anything of the component still runs.
    void run(Deadline hard, Runnable whenOver) {
        Outcome result = cell.takesPartIn(phase) ? stopComponent() : Outcome.done();
        if (phase == Phase.RELEASE && !tasksEnd(hard)) return; // still running: the wave will see
        outcome = result;
        whenOver.run();
    }

    private Outcome stopComponent() {
        try {
            return cell.component().stop(phase, this);
        } catch (StopException cut) {
            return stop.crew().court().judge(cut).counts()
                    ? failed(cut)
                    : Outcome.cut("stop of this phase", 1);
        } catch (Throwable error) { // whatever a component throws, the stop goes on
            return failed(error);
        }
    }

    private Outcome failed(Throwable error) {
        stop.crew().court().judge(error);
        return Outcome.failed(phase.name(), error);
    }

    private boolean tasksEnd(Deadline hard) {
        cell.word().advance(cell.word().state(), Level.ABORT);
        for (Task task : cell.runningTasks()) {
            if (!task.joinUninterruptibly(hard, stop.control())) return false;
        }
        return true;
    }

    boolean isOver() {
        return outcome != null;
    }

    /// What it came to; cut if it is not over.
    Outcome outcome() {
        Outcome result = outcome;
        return result == null ? Outcome.cut("stop of this phase", 1) : result;
    }

    Cell cell() {
        return cell;
    }

    @Override
    public Deadline deadline() {
        return deadline.get();
    }

    @Override
    public Mode mode() {
        return stop.mode();
    }

    @Override
    public Level level() {
        return cell.token().level();
    }

    @Override
    public Token token() {
        return cell.token();
    }

    @Override
    public String reason() {
        return stop.reason();
    }

    @Override
    public void durable(String name, String position) {
        stop.draft().durable(name, position);
    }

    @Override
    public void remains(String what, long count) {
        stop.draft().remains(what, count);
    }
}
