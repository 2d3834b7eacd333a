package dev.holdfast.lifecycle;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.Component.Handoff;
import dev.holdfast.lifecycle.ShutdownReport.ComponentOutcome;
import dev.holdfast.lifecycle.ShutdownReport.Ending;
import dev.holdfast.lifecycle.ShutdownReport.Fate;
import dev.holdfast.lifecycle.ShutdownReport.PhaseReport;
import dev.holdfast.lifecycle.event.StopPhaseEvent;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.plan.Budget;
import dev.holdfast.lifecycle.plan.Share;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.StateWord;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import dev.holdfast.lifecycle.wait.WaitView;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One stop of a scope, from its request to its report.
///
/// The phases run on one thread, which never runs code of a component itself and never waits
/// without a deadline, so that it ends within its budget whatever a component does (LIFE-12).
final class StopRun {
    private final Scope.Crew crew;
    private final String reason;
    private final Duration budget;
    private final Consumer<ShutdownReport> progress;
    private final Course course;
    private final StateWord control; // not nested in the scope: the stop itself is never cancelled
    private final ReportDraft draft = new ReportDraft();
    private final Set<Cell> started;
    private final List<Gate> openGates = new ArrayList<>(); // those that a resume reopens
    private final long startNanos;
    private volatile @Nullable Stage stage;
    private Deadline
            floorsBegin; // of the phases behind the present one; of the stop's thread alone
    private volatile Ending ending = Ending.UNDER_WAY;
    private volatile @Nullable ShutdownReport report;
    private volatile @Nullable Resumption resumption;

    private Predicate<String> refusal = _ -> false;

    private record Stage(Phase phase, Deadline end) {}

    StopRun(
            Scope.Crew crew,
            Mode mode,
            Duration budget,
            String reason,
            Consumer<ShutdownReport> progress) {
        this.crew = crew;
        course = new Course(mode);
        this.budget = budget;
        this.reason = reason;
        this.progress = progress;
        control = new StateWord("stop of " + crew.name(), crew.env());
        started = new LinkedHashSet<>();
        startNanos = crew.env().nanoTime();
        floorsBegin = Deadline.after(crew.env(), budget);
    }

    /// Has `takesBack` asked, with a reason, where a component wants the stop to be taken back.
    void refusedBy(Predicate<String> takesBack) {
        refusal = takesBack;
    }

    /// All gates and components of the scope.
    void enterAll() {
        crew.gates().stream().filter(gate -> !gate.isClosed()).forEach(openGates::add);
        for (Cell cell : crew.named(crew.order().startOrder())) {
            enter(cell);
            Throwable failure = cell.failure();
            if (failure != null) blame(cell, failure);
        }
    }

    /// Only components that were started are stopped.
    void enter(Cell cell) {
        started.add(cell);
        draft.enter(cell.name());
        cell.gates().stream().filter(gate -> !gate.isClosed()).forEach(openGates::add);
    }

    /// One of the component's tasks has failed.
    void blame(Cell cell, Throwable failure) {
        boolean persists = cell.persists();
        ExitCode code = persists ? ExitCode.NOT_PERSISTED : ExitCode.CUT_SHORT;
        draft.worsen(cell.name(), Fate.FAILED, "a task failed: " + failure, List.of(), code);
    }

    /// Ends what is left of a component whose start failed: it is abandoned if anything of it still
    /// runs, and then what it requires is kept.
    void settleFailedStart(Cell cell, StartRun run, Throwable cause, Deadline deadline) {
        cell.word().advance(State.STARTING, Level.ABORT);
        Deadline soon = deadline.atMost(budget.dividedBy(4));
        for (Task task : cell.runningTasks()) task.joinUninterruptibly(soon, control());
        // The thread of a start that is over may not have left yet: what it said counts.
        boolean isOver = !run.hangs() && cell.runningTasks().isEmpty();
        Fate fate = isOver ? Fate.FAILED : Fate.ABANDONED;
        draft.worsen(cell.name(), fate, "start: " + cause, cell.holders(), ExitCode.LEAKED);
        cell.end(isOver ? State.FAILED : State.ABANDONED);
    }

    /// Raises the mode. Takes no lock: a signal handler may call it.
    void raise(Mode wanted) {
        course.raise(wanted);
        for (Cell cell : crew.cells().values()) {
            Scope inner = cell.inner();
            if (inner != null) inner.escalate(wanted);
        }
        control.wake();
    }

    /// Runs `phases`, which are all or a part of the phases of this stop, until `whole`.
    void runPhases(List<Phase> phases, Deadline whole) {
        List<Phase> present = phases.stream().filter(this::hasWork).toList();
        long total = whole.remainingNanos();
        Budget shares = new Budget(present.stream().map(phase -> phase.share(total)).toList());
        for (Phase phase : phases) {
            if (phase == Phase.QUIESCE && isRefused()) return;
            if (mode() == Mode.IMMEDIATE || !course.enter(phase)) return;
            crew.word().advance(phase.state(), Level.DRAIN);
            for (Cell cell : started) cell.word().advance(phase.state(), Level.DRAIN);
            int index = present.indexOf(phase);
            if (index < 0) continue;
            long left = whole.remainingNanos();
            Duration slice = Duration.ofNanos(shares.slice(index, left));
            floorsBegin = Deadline.after(crew.env(), slice.plusNanos(shares.spare(index, left)));
            runPhase(phase, slice, shares.shares().get(index));
        }
    }

    // Nothing of a component's own is asked here: who is inside a gate, the kernel knows.
    private boolean isRefused() {
        if (mode() != Mode.SMART || isTakenBack()) return false;
        List<String> handing = new ArrayList<>();
        for (Cell cell : started)
            if (cell.component().handoff() == Handoff.REFUSE) handing.addAll(cell.gateHolders());
        return !handing.isEmpty() && refusal.test("handing over: " + String.join(", ", handing));
    }

    private boolean hasWork(Phase phase) {
        return started.stream().anyMatch(cell -> cell.takesPartIn(phase))
                || (phase == Phase.RELEASE && !started.isEmpty());
    }

    private void runPhase(Phase phase, Duration slice, Share share) {
        var event = new StopPhaseEvent();
        event.begin();
        Deadline end = Deadline.after(crew.env(), slice);
        stage = new Stage(phase, end);
        Duration floor = Duration.ofNanos(share.floorNanos());
        List<List<String>> waves =
                phase == Phase.RELEASE
                        ? crew.order().releaseWaves()
                        : crew.order().stopWaves(name -> crew.cell(name).takesPartIn(phase));
        List<ComponentOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < waves.size() && goesOn(); i++) {
            progress.accept(snapshot());
            List<Cell> ready = readyFor(phase, crew.named(waves.get(i)), outcomes);
            if (ready.isEmpty()) continue;
            int later = waves.size() - 1 - i;
            Duration part = partFor(later, end.remaining());
            Deadline last = Deadline.after(crew.env(), partFor(later, floorsBegin.remaining()));
            outcomes.addAll(new Wave(this, phase, part, floor).until(last).run(ready));
        }
        Duration used = slice.minus(end.remaining());
        draft.addPhase(new PhaseReport(phase, slice, used, outcomes));
        event.end();
        if (event.shouldCommit()) record(event, phase, slice, outcomes);
    }

    private void record(
            StopPhaseEvent event, Phase phase, Duration slice, List<ComponentOutcome> outcomes) {
        event.scope = crew.name();
        event.phase = phase.name();
        event.mode = mode().name();
        event.reason = reason;
        event.budgetNanos = slice.toNanos();
        event.components = outcomes.size();
        event.notDone =
                outcomes.stream()
                        .filter(outcome -> outcome.fate() != Fate.DONE)
                        .map(outcome -> outcome.component() + " " + outcome.fate())
                        .collect(Collectors.joining(", "));
        event.commit();
    }

    private boolean goesOn() {
        return mode() != Mode.IMMEDIATE && !isTakenBack();
    }

    // A hung wave may not take everything from those behind it: half of their even share is theirs.
    private static Duration partFor(int laterWaves, Duration left) {
        Duration evenShareOfLater = left.multipliedBy(laterWaves).dividedBy(laterWaves + 1L);
        return left.minus(evenShareOfLater.dividedBy(2));
    }

    private List<Cell> readyFor(Phase phase, List<Cell> wave, List<ComponentOutcome> outcomes) {
        List<Cell> ready = new ArrayList<>();
        for (Cell cell : wave) {
            if (!started.contains(cell) || draft.fateOf(cell.name()) == Fate.ABANDONED) continue;
            if (phase == Phase.RELEASE && isStoodOn(cell)) outcomes.add(leak(cell));
            else ready.add(cell);
        }
        return ready;
    }

    /// True if someone abandoned requires it: it is never released (LIFE-17).
    private boolean isStoodOn(Cell cell) {
        for (Cell other : crew.cells().values()) {
            if (draft.fateOf(other.name()) == Fate.ABANDONED
                    && crew.order().allRequiredBy(other.name()).contains(cell.name())) return true;
        }
        return false;
    }

    private ComponentOutcome leak(Cell cell) {
        String detail = "kept, because an abandoned component requires it";
        draft.worsen(cell.name(), Fate.LEAKED, detail, List.of(), ExitCode.LEAKED);
        Scope inner = cell.inner();
        if (inner != null) inner.leakAll();
        return new ComponentOutcome(cell.name(), Fate.LEAKED, detail);
    }

    /// Keeps everything that is not released, because the scope around is kept.
    void leakAll() {
        for (Cell cell : started) leak(cell);
    }

    /// What a fate in a phase makes of the exit code.
    static ExitCode codeOf(Fate fate, Phase phase, Cell cell) {
        boolean persists = cell.persists();
        boolean isBefore = phase.compareTo(Phase.PERSIST) <= 0;
        return switch (fate) {
            case DONE -> ExitCode.CLEAN;
            case CUT -> phase == Phase.RELEASE ? ExitCode.LEAKED : ExitCode.CUT_SHORT;
            case LEAKED -> ExitCode.LEAKED;
            case FAILED -> {
                if (phase == Phase.PERSIST) yield ExitCode.NOT_PERSISTED;
                yield phase == Phase.RELEASE ? ExitCode.LEAKED : ExitCode.CUT_SHORT;
            }
            case ABANDONED -> {
                if (persists && isBefore) yield ExitCode.NOT_PERSISTED;
                yield phase == Phase.RELEASE ? ExitCode.LEAKED : ExitCode.CUT_SHORT;
            }
        };
    }

    boolean hasAbandoned() {
        return crew.cells().values().stream()
                .anyMatch(cell -> draft.fateOf(cell.name()) == Fate.ABANDONED);
    }

    /// Waits for something in the stop itself, which no interrupt and no token may cut short.
    WaitResult awaitUninterruptibly(
            ReentrantLock lock, WaitPoint point, BooleanSupplier holds, Deadline deadline) {
        lock.lock();
        try {
            return point.awaitUninterruptibly(holds, deadline, control());
        } finally {
            lock.unlock();
        }
    }

    /// Ends the run: the scope is stopped, and whoever still waits for one of its parts is woken.
    void conclude() {
        for (Gate gate : crew.gates()) {
            if (gate.isEmpty()) continue;
            List<String> inside = Cell.holdersOf(gate);
            draft.worsen(gate.name(), Fate.LEAKED, "not empty", inside, ExitCode.LEAKED);
        }
        if (mode() == Mode.IMMEDIATE) draft.force(ExitCode.IMMEDIATE);
        ending = Ending.STOPPED;
        crew.word().advance(State.STOPPED, Level.ABORT);
        crew.word().announceGone(crew.name());
        for (Cell cell : started) {
            Scope inner = cell.inner();
            if (inner != null) draft.addNested(inner.reportSoFar());
        }
    }

    /// Leaves the marker of a clean stop, last of all, and returns the report: another one if that
    /// did not succeed, as then the stop was not clean.
    ShutdownReport leave(CleanMarker marker, ShutdownReport done) {
        long epoch = crew.word().epoch();
        try {
            marker.write(new CleanMarker.CleanStop(epoch, done.durable(), done.contentHash()));
            return done;
        } catch (IOException failed) {
            crew.court().keep(failed);
            try {
                marker.remove(); // it may have been left after all
            } catch (IOException again) {
                crew.court().keep(again);
            }
            return snapshot();
        }
    }

    ShutdownReport snapshot() {
        return draft.snapshot(
                new ReportDraft.Heading(crew.name(), ending, mode(), reason, budget),
                Duration.ofNanos(crew.env().nanoTime() - startNanos),
                crew.court().coincident());
    }

    /// How far it has come.
    ScopeView.StopView view() {
        Stage present = crew.word().state().isFinal() ? null : stage;
        Duration used = Duration.ofNanos(crew.env().nanoTime() - startNanos);
        Duration left = budget.minus(used);
        return new ScopeView.StopView(
                present == null ? null : present.phase,
                mode(),
                reason,
                budget,
                used,
                left.isNegative() ? Duration.ZERO : left,
                present == null ? Duration.ZERO : present.end.remaining());
    }

    Scope.Crew crew() {
        return crew;
    }

    Mode mode() {
        return course.mode();
    }

    /// True once somebody has taken the stop back, until that is settled.
    boolean isTakenBack() {
        return course.isTakenBack();
    }

    /// True if the stop is taken back by this call.
    boolean takeBack() {
        boolean isOurs = course.takeBack();
        control.wake();
        return isOurs;
    }

    /// Why what the stop has done so far cannot be undone; null if it can.
    @Nullable String obstacle() {
        for (Cell cell : crew.cells().values()) {
            if (cell.word().state() == State.ABANDONED) return cell.name() + " was abandoned";
            if (cell.failure() != null) return cell.name() + " has failed";
        }
        return null;
    }

    /// Goes on with the stop, although somebody has asked to take it back.
    void goOn(String why) {
        course.goOn();
        resumption = new Resumption.Refused(why);
        control.wake();
    }

    /// Ends the run without an end of the scope.
    ShutdownReport settleTakenBack() {
        ending = Ending.TAKEN_BACK;
        resumption = new Resumption.Resumed(crew.word().epoch());
        return snapshot();
    }

    /// The answer to who asked to take it back; null while there is none.
    @Nullable Resumption resumption() {
        return resumption;
    }

    /// The final report; null while there is none.
    @Nullable ShutdownReport report() {
        return report;
    }

    void report(ShutdownReport done) {
        report = done;
    }

    Set<Cell> started() {
        return started;
    }

    /// The gates that were open when the stop began.
    List<Gate> openGates() {
        return openGates;
    }

    String reason() {
        return reason;
    }

    ReportDraft draft() {
        return draft;
    }

    Token control() {
        return control.token();
    }

    List<WaitView> waits() {
        return control.waits();
    }

    Duration budget() {
        return budget;
    }

    /// How a stop goes on: its mode, and whether it can still be taken back, as one word.
    ///
    /// One word, so that a request to take the stop back, a raise of its mode and its step into
    /// QUIESCE come one after the other, whoever asks for them. Thread-safe; takes no lock.
    static final class Course {
        private record Point(Mode mode, Way way) {}

        private enum Way {
            OPEN,
            TAKEN_BACK,
            NO_RETURN
        }

        private final AtomicReference<Point> point;

        Course(Mode mode) {
            point = new AtomicReference<>(new Point(mode, Way.OPEN));
        }

        Mode mode() {
            return point.get().mode;
        }

        /// Raises the mode; does nothing to a stop that is taken back.
        void raise(Mode wanted) {
            point.updateAndGet(seen ->
                    seen.way == Way.TAKEN_BACK || wanted.compareTo(seen.mode) <= 0
                            ? seen
                            : new Point(wanted, seen.way));
        }

        /// True if the stop is taken back by this call: it had not passed into QUIESCE, and nobody
        /// had asked for IMMEDIATE.
        boolean takeBack() {
            Point before =
                    point.getAndUpdate(
                            seen -> mayTurn(seen) ? new Point(seen.mode, Way.TAKEN_BACK) : seen);
            return mayTurn(before);
        }

        private static boolean mayTurn(Point seen) {
            return seen.way == Way.OPEN && seen.mode != Mode.IMMEDIATE;
        }

        boolean isTakenBack() {
            return point.get().way == Way.TAKEN_BACK;
        }

        /// True if the stop may go into `phase`. From QUIESCE on there is no way back.
        boolean enter(Phase phase) {
            if (phase.compareTo(Phase.QUIESCE) < 0) return !isTakenBack();
            Point now =
                    point.updateAndGet(seen ->
                            seen.way == Way.OPEN ? new Point(seen.mode, Way.NO_RETURN) : seen);
            return now.way == Way.NO_RETURN;
        }

        /// Goes on with the stop although it was taken back.
        void goOn() {
            point.updateAndGet(seen -> new Point(seen.mode, Way.NO_RETURN));
        }
    }
}
