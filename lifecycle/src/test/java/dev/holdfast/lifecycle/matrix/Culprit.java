package dev.holdfast.lifecycle.matrix;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Kernel;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.Token;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// A component that misbehaves as its cell says, and otherwise does what it should.
final class Culprit implements Component {
    private final String name;
    private final Cell cell;
    private final Kernel kernel;
    private final Misdeeds misdeeds;
    private final AtomicReference<Scope> scope;
    private final AtomicReference<StartContext> given = new AtomicReference<>();
    private final AtomicReference<Gate> gate = new AtomicReference<>();

    Culprit(String name, Cell cell, Kernel kernel) {
        this(name, cell, kernel, new AtomicReference<>());
    }

    /// @param scope the outermost that it is inside of, once there is one
    private Culprit(String name, Cell cell, Kernel kernel, AtomicReference<Scope> scope) {
        this.name = name;
        this.scope = scope;
        this.cell = cell;
        this.kernel = kernel;
        misdeeds = new Misdeeds(cell, kernel);
    }

    /// Tells it the scope that it is inside of.
    void inside(Scope around) {
        scope.set(around);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<String> requires() {
        return cell.moment() == Moment.FIRST_START ? Set.of() : Set.of("ground");
    }

    @Override
    public Set<Phase> phases() {
        Phase phase = cell.moment().phase();
        return EnumSet.of(phase == null ? Phase.DRAIN : phase);
    }

    @Override
    public void start(StartContext context) throws Exception {
        given.set(context);
        gate.set(context.gate("work"));
        Here here = new Here(context.deadline());
        if (cell.moment() != Moment.BUILDING) misdeeds.prepare(here);
        if (cell.behaviour() == Behaviour.HAS_A_CHILD_SCOPE_THAT_HANGS) {
            Scope inner = innerScope(cell, kernel, scope);
            context.adopt(inner);
            inner.start();
        } else if (cell.moment().isStart()) {
            misdeeds.announceAndDo(here);
        } else if (cell.moment() == Moment.RUNNING) {
            context.fork(
                    "deed",
                    () -> {
                        awaitRunning();
                        misdeeds.announceAndDo(here);
                    });
        }
    }

    private void awaitRunning() {
        Scope around = scope.get();
        while (around != null && !State.RUNNING.equals(around.state())) {
            if (around.state().isStopping()) return;
            LockSupport.parkNanos(1_000_000);
        }
    }

    /// A scope with a culprit of its own that hangs in the same moment.
    static Scope innerScope(Cell cell, Kernel kernel, AtomicReference<Scope> outermost) {
        Moment moment = cell.moment() == Moment.BUILDING ? Moment.MID_START : cell.moment();
        Cell inside = new Cell(Behaviour.HANGS_DEAF, moment, cell.stimulus());
        return Scope.builder("inner", Env.system())
                .add(new Ground())
                .add(new Culprit("culprit-inside", inside, kernel, outermost))
                .build();
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        boolean isInside = cell.behaviour() == Behaviour.HAS_A_CHILD_SCOPE_THAT_HANGS;
        if (phase == cell.moment().phase() && !isInside) return misbehave(context);
        int left = gate.get().drain(context.deadline()).size();
        return Outcome.cut("clients", left);
    }

    private Outcome misbehave(StopContext context) throws InterruptedException {
        misdeeds.announceAndDo(new Here(context.deadline()));
        boolean wasCut = cell.behaviour() == Behaviour.HANGS_FOR_A_TOKEN;
        return wasCut ? Outcome.cut("hopes", 1) : Outcome.done();
    }

    /// In a start, a task or a phase of this component.
    private final class Here implements Place {
        private final Deadline deadline;

        Here(Deadline deadline) {
            this.deadline = deadline;
        }

        @Override
        public Moment moment() {
            return cell.moment();
        }

        @Override
        public Token token() {
            return given.get().token();
        }

        @Override
        public Gate gate() {
            return gate.get();
        }

        @Override
        public Deadline deadline() {
            return deadline;
        }

        @Override
        public void fork(String task, Task.Body body) {
            given.get().fork(task, body);
        }

        @Override
        public void stopScope() throws InterruptedException {
            scope.get().stop(Mode.SMART, cell.budget(), "itself");
        }
    }
}
