package dev.holdfast.lifecycle.matrix;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Kernel;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ScopeBuilder;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.wait.Token;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// The process of one cell: a service with a culprit in it.
final class MatrixChild {
    private final Cell cell;
    private final Kernel kernel;

    private MatrixChild(Cell cell, Kernel kernel) {
        this.cell = cell;
        this.kernel = kernel;
    }

    /// @param arguments behaviour, moment, stimulus, and the file that the report goes to
    public static void main(String[] arguments) throws IOException {
        Cell cell =
                new Cell(
                        Behaviour.valueOf(arguments[0]),
                        Moment.valueOf(arguments[1]),
                        Stimulus.valueOf(arguments[2]));
        Kernel kernel = Kernel.install(Env.system(), cell.budget(), System.err);
        kernel.reportTo(new FileOutputStream(arguments[3]));
        Announcement.prepare();
        new MatrixChild(cell, kernel).run();
    }

    private void run() {
        Thread.ofPlatform().daemon().start(this::stopWhenCalled);
        kernel.run(
                this::build,
                () -> {
                    if (cell.moment().phase() != null) kernel.requestStop(Mode.SMART, "a phase");
                });
    }

    // A byte on standard input is the call.
    private void stopWhenCalled() {
        try {
            if (System.in.read() < 0) return;
        } catch (IOException gone) {
            return;
        }
        while (!kernel.isStopAsked()) {
            try {
                kernel.requestStop(Mode.SMART, "a call");
            } catch (OutOfMemoryError full) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private Scope build() throws Exception {
        Culprit culprit = new Culprit("culprit", cell, kernel);
        ScopeBuilder builder = Scope.builder("child", Env.system());
        Gate gate = builder.gate("door");
        boolean isFirst = cell.moment() == Moment.FIRST_START;
        if (isFirst) builder.add(culprit).add(new Ground());
        else builder.add(new Ground()).add(culprit);
        if (cell.moment() != Moment.BUILDING) {
            Scope scope = builder.build();
            culprit.inside(scope);
            return scope;
        }
        if (cell.behaviour() == Behaviour.HAS_A_CHILD_SCOPE_THAT_HANGS) {
            Culprit.innerScope(cell, kernel, new AtomicReference<>()).start();
        }
        Misdeeds misdeeds = new Misdeeds(cell, kernel);
        InMain here = new InMain(builder.token(), gate);
        misdeeds.prepare(here);
        misdeeds.announceAndDo(here);
        Scope scope = builder.build();
        if (cell.behaviour() == Behaviour.STOPS_ITSELF) {
            scope.stop(Mode.SMART, cell.budget(), "itself");
        }
        return scope;
    }

    /// In main, before there is a scope.
    private record InMain(Token token, Gate gate) implements Place {
        @Override
        public Moment moment() {
            return Moment.BUILDING;
        }

        @Override
        public Deadline deadline() {
            return Deadline.after(Env.system(), Duration.ofMinutes(1));
        }

        @Override
        public void fork(String name, Task.Body body) {
            Env.system()
                    .start(
                            name,
                            () -> {
                                try {
                                    body.run();
                                } catch (Exception failed) {
                                    throw new AssertionError(failed);
                                }
                                token.word().announceGone(name);
                            });
        }

        @Override
        public void stopScope() {}
    }
}
