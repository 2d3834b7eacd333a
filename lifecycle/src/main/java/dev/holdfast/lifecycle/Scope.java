package dev.holdfast.lifecycle;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.plan.Order;
import dev.holdfast.lifecycle.tangle.Motion;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.StateWord;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import dev.holdfast.lifecycle.wait.WaitView;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Components that start and stop together, in order and within a bound.
///
/// Invariants:
/// 1. Every component that was started gets exactly one outcome (LIFE-16).
/// 2. [#stop] returns within its budget and two seconds, whatever a component does (LIFE-12).
/// 3. All stops of one scope share one report (LIFE-30).
///
/// Thread-safe. Embedded, whoever started it stops it; nested, the scope around it does.
public final class Scope {
    private static final System.Logger LOG = System.getLogger("dev.holdfast.lifecycle");
    private static final System.Logger.Level INFO = System.Logger.Level.INFO;
    private static final Duration REPORT_SLACK = Duration.ofSeconds(1);

    private final Crew crew;
    private final Terms terms;
    private final List<BiConsumer<String, Throwable>> failureListeners =
            new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitPoint reported;
    private final Motion motion = new Motion();
    private volatile @Nullable StartRun startRun;
    private volatile @Nullable StopRun stopRun;
    private volatile BooleanSupplier agreesToResume = () -> true;
    private volatile Consumer<ShutdownReport> progress = _ -> {};
    private boolean isDrivenFromOutside; // guarded by `lock`

    /// What a start and a stop of one scope share: its word, its cells and their order.
    ///
    /// @param cells by name, in the order in which they were added
    /// @param gates of the scope itself
    record Crew(
            StateWord word,
            Env env,
            Map<String, Cell> cells,
            List<Gate> gates,
            Order order,
            ErrorCourt court) {

        String name() {
            return word.name();
        }

        List<Cell> named(List<String> names) {
            return names.stream().map(this::cell).toList();
        }

        Cell cell(String name) {
            Cell cell = cells.get(name);
            if (cell == null) throw new IllegalArgumentException("no component is called " + name);
            return cell;
        }
    }

    /// What a scope is built with besides its components.
    record Terms(@Nullable CleanMarker marker, Duration startBudget, Duration rollBackBudget) {}

    Scope(StateWord word, Env env, Order order, ErrorCourt court, Terms terms) {
        this.terms = terms;
        crew = new Crew(word, env, new LinkedHashMap<>(), new ArrayList<>(), order, court);
        reported = new WaitPoint(lock, WaitKind.OTHER, "report of " + word.name(), "its stop");
    }

    Scope with(List<Component> components, List<Gate> ownGates) {
        for (Component component : components) {
            Cell cell = new Cell(component, crew.env(), this);
            crew.cells().put(component.name(), cell);
            if (component instanceof ScopeBuilder.NestedScope nested) cell.adopt(nested.inner());
        }
        crew.gates().addAll(ownGates);
        return this;
    }

    void nestIn(Cell outer) {
        crew.word().nestIn(outer.word());
        onFailure(
                (component, thrown) -> outer.owner().tellFailure(name() + "/" + component, thrown));
    }

    /// A builder of a scope called `name`.
    public static ScopeBuilder builder(String name, Env env) {
        return new ScopeBuilder(name, env);
    }

    /// Starts the components, each after those that it requires. If one fails, or a stop is asked
    /// for meanwhile, those that had started are stopped again and [StartException] tells how.
    public void start() throws StartException, InterruptedException {
        StartRun run = new StartRun(crew, terms.startBudget(), () -> stopRun != null);
        lock.lock();
        try {
            if (stopRun != null) throw stoppedBeforeStart();
            if (state() != State.NEW) {
                throw new IllegalStateException("started twice. scope=`" + name() + "`");
            }
            startRun = run;
            crew.word().advance(State.STARTING, Level.NONE);
        } finally {
            lock.unlock();
        }
        Throwable cause = startAll(run);
        if (cause == null) return;
        throw rollBack(run, cause);
    }

    private StartException stoppedBeforeStart() {
        String message = name() + " was stopped before it started";
        return new StartException(message, new IllegalStateException(message), reportSoFar());
    }

    /// Null if all run.
    private @Nullable Throwable startAll(StartRun run) {
        try {
            CleanMarker marker = terms.marker();
            if (marker != null) marker.remove();
            boolean allRun = run.run();
            lock.lock();
            try {
                if (allRun && stopRun == null) {
                    crew.word().advance(State.RUNNING, Level.NONE);
                    return null;
                }
            } finally {
                lock.unlock();
            }
            Throwable failure = run.failure();
            return failure == null ? new IllegalStateException("stopped while starting") : failure;
        } catch (IOException | InterruptedException error) {
            if (error instanceof InterruptedException) Thread.currentThread().interrupt();
            return error;
        }
    }

    private StartException rollBack(StartRun run, Throwable cause) {
        Cell failed = run.failed();
        String who = failed == null ? name() : failed.name();
        StopRun stop;
        ExitCode code;
        lock.lock();
        try {
            StopRun asked = stopRun;
            code = asked == null ? ExitCode.START_FAILED : ExitCode.START_ABORTED;
            stop =
                    asked == null
                            ? newRun(Mode.SMART, terms.rollBackBudget(), "start failed")
                            : asked;
            stopRun = stop;
        } finally {
            lock.unlock();
        }
        Deadline deadline = Deadline.after(crew.env(), stop.budget());
        run.started().forEach(stop::enter);
        if (failed != null) stop.settleFailedStart(failed, run, cause, deadline);
        stop.draft().force(code);
        stop.runPhases(List.of(Phase.values()), deadline);
        crew.word().advance(State.FAILED, Level.ABORT);
        ShutdownReport done = finish(stop);
        return new StartException(who + " did not start: " + cause, cause, done);
    }

    /// Stops in phases, within `budget`, and returns the report. A second call joins the first one,
    /// raises its mode if `mode` is higher, and returns the same report. Called from inside (by a
    /// task, a holder of a pass, or a component's own stop), where waiting would wait for itself,
    /// it sees to it that the stop is under way and returns what is known so far.
    ///
    /// @param reason why, in a few words, for the report
    public ShutdownReport stop(Mode mode, Duration budget, String reason)
            throws InterruptedException {
        boolean isInside = isInside(Thread.currentThread());
        StopRun run;
        boolean isOurs;
        lock.lock();
        try {
            boolean comesBack = stopRun != null && stopRun.isTakenBack();
            if (comesBack && isInside) return stopFromOutside(mode, budget, reason);
            if (comesBack) awaitTakenBack();
            StopRun present = stopRun;
            isOurs = present == null && state() != State.STARTING;
            run = present == null ? newRun(mode, budget, reason) : present;
            stopRun = run;
        } finally {
            lock.unlock();
        }
        run.raise(mode);
        StartRun starting = startRun;
        if (starting != null) starting.wake();
        if (isOurs && !isInside) return execute(run);
        if (isOurs) crew.env().start("stop of " + name(), () -> execute(run));
        return isInside ? reportSoFar() : awaitReport(run);
    }

    private ShutdownReport stopFromOutside(Mode mode, Duration budget, String reason) {
        Task.Body stopping = () -> stop(mode, budget, reason);
        crew.env().start("stop of " + name(), () -> Task.attempt(stopping));
        return reportSoFar();
    }

    // A stop that is asked for while another one is being taken back comes after that. Guarded by
    // `lock`.
    private void awaitTakenBack() throws InterruptedException {
        WaitResult result = WaitResult.SATISFIED;
        for (StopRun present = stopRun; result == WaitResult.SATISFIED; present = stopRun) {
            StopRun back = present;
            if (back == null || !back.isTakenBack()) return;
            result = awaitSettled(back, () -> stopRun != back || !back.isTakenBack());
        }
    }

    /// Takes back a stop that has not passed into QUIESCE: components that serve no more serve
    /// again, gates reopen, and new tokens belong to a new epoch; those from before stay cancelled.
    /// Nested scopes come along. Whoever waits in [#stop] gets a report that says so. Called from
    /// inside, it returns once it is settled that the stop is taken back.
    ///
    /// @param reason why, in a few words, for the log
    public Resumption resume(String reason) throws InterruptedException {
        boolean isInside = isInside(Thread.currentThread());
        lock.lock();
        try {
            StopRun run = stopRun;
            if (run == null) return new Resumption.NotStopping(state());
            Resumption refusal = run.isTakenBack() ? null : takeBack(run, reason);
            if (refusal != null) return refusal;
            if (isInside) return new Resumption.UnderWay();
            awaitSettled(run, () -> run.resumption() != null);
            Resumption answer = run.resumption();
            return answer == null ? new Resumption.UnderWay() : answer;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Resumption takeBack(StopRun run, String reason) {
        lock.lock();
        try {
            Resumption refusal = refusalOf(run);
            if (refusal != null) return refusal;
            if (!run.takeBack()) return new Resumption.TooLate(state());
            LOG.log(INFO, "stop taken back. scope=`{0}`, reason=`{1}`", name(), reason);
            return null;
        } finally {
            lock.unlock();
        }
    }

    // Guarded by `lock`. Null if nothing speaks against it.
    private @Nullable Resumption refusalOf(StopRun run) {
        State state = state();
        if (run.report() != null || state.isFinal()) return new Resumption.TooLate(state);
        if (isDrivenFromOutside || crew.word().isOuterBeyond(State.DRAINING))
            return new Resumption.TooLate(state);
        if (startRun == null || state == State.STARTING) {
            return new Resumption.Refused(name() + " has never run");
        }
        String obstacle = run.obstacle();
        if (obstacle != null) return new Resumption.Refused(obstacle);
        return agreesToResume.getAsBoolean() ? null : new Resumption.Refused("the process ends");
    }

    /// Has `agrees` asked, under the lock, each time before a stop is taken back.
    void beforeResume(BooleanSupplier agrees) {
        agreesToResume = agrees;
    }

    private StopRun newRun(Mode mode, Duration budget, String reason) {
        return new StopRun(crew, mode, budget, reason, seen -> progress.accept(seen));
    }

    private ShutdownReport execute(StopRun run) {
        if (startRun != null) run.enterAll();
        run.refusedBy(why -> takeBack(run, why) == null);
        Deadline deadline = Deadline.after(crew.env(), run.budget());
        run.runPhases(List.of(Phase.values()), deadline);
        if (run.isTakenBack()) {
            if (stepBack(run)) return serveAgain(run, deadline);
            run.runPhases(List.copyOf(Phase.OF_NESTED), deadline);
        }
        return finish(run);
    }

    private boolean stepBack(StopRun run) {
        lock.lock();
        try {
            String obstacle = run.obstacle();
            if (obstacle == null && !crew.word().resume()) obstacle = "it is " + state();
            if (obstacle == null) return true;
            run.goOn(obstacle);
            reported.signalAll();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private ShutdownReport serveAgain(StopRun run, Deadline deadline) {
        new TakeBack(run, deadline).run();
        lock.lock();
        try {
            ShutdownReport done = run.settleTakenBack();
            run.report(done);
            stopRun = null;
            reported.signalAll();
            return done;
        } finally {
            lock.unlock();
        }
    }

    private ShutdownReport finish(StopRun run) {
        run.conclude();
        ShutdownReport done = run.snapshot();
        CleanMarker marker = terms.marker();
        boolean isClean = startRun != null && done.exitCode() == ExitCode.CLEAN;
        if (marker != null && isClean) done = run.leave(marker, done);
        lock.lock();
        try {
            run.report(done);
            reported.signalAll();
        } finally {
            lock.unlock();
        }
        crew.word().leave();
        return done;
    }

    private ShutdownReport awaitReport(StopRun run) throws InterruptedException {
        lock.lock();
        try {
            awaitSettled(run, () -> run.report() != null);
        } finally {
            lock.unlock();
        }
        return reportSoFar(run);
    }

    // Guarded by `lock`.
    private WaitResult awaitSettled(StopRun run, BooleanSupplier holds)
            throws InterruptedException {
        Deadline deadline = Deadline.after(crew.env(), run.budget().plus(REPORT_SLACK));
        return reported.await(holds, deadline, run.control());
    }

    /// The report, or what is known of it so far.
    ShutdownReport reportSoFar() {
        StopRun run = stopRun;
        if (run == null) run = newRun(Mode.SMART, Duration.ZERO, "not asked to stop");
        return reportSoFar(run);
    }

    private static ShutdownReport reportSoFar(StopRun run) {
        ShutdownReport done = run.report();
        return done == null ? run.snapshot() : done;
    }

    /// Raises the mode of a stop under way. Takes no lock: a signal handler may call it.
    public void escalate(Mode mode) {
        StopRun run = stopRun;
        if (run != null) run.raise(mode);
    }

    void startUnlessRunning() throws StartException, InterruptedException {
        if (state() == State.NEW) start();
    }

    /// Runs, within one phase of the scope around, the phases that belong there.
    Outcome stopWithin(Phase phase, StopContext outer) throws InterruptedException {
        StopRun run;
        boolean isFirst;
        boolean isOurs;
        lock.lock();
        try {
            StopRun present = stopRun;
            isFirst = present == null;
            isDrivenFromOutside |= isFirst;
            isOurs = isDrivenFromOutside;
            run =
                    isFirst
                            ? newRun(outer.mode(), outer.deadline().remaining(), outer.reason())
                            : present;
            stopRun = run;
        } finally {
            lock.unlock();
        }
        run.raise(outer.mode());
        if (!isOurs) return joinOtherStop(run, phase, outer);
        if (isFirst && startRun != null) run.enterAll();
        run.runPhases(List.copyOf(phase.within()), outer.deadline());
        if (phase == Phase.RELEASE) finish(run);
        return run.snapshot().outcomeOf(phase);
    }

    private Outcome joinOtherStop(StopRun run, Phase phase, StopContext outer)
            throws InterruptedException {
        lock.lock();
        try {
            reported.await(() -> run.report() != null, outer.deadline(), outer.token());
        } finally {
            lock.unlock();
        }
        ShutdownReport done = run.report();
        if (done == null) return Outcome.cut("stop of " + name(), 1);
        // Taken back in the last moment: now it is ours to stop.
        return done.isTakenBack() ? stopWithin(phase, outer) : Outcome.done();
    }

    void leakAll() {
        StopRun run = stopRun;
        if (run == null || run.report() != null) return;
        run.leakAll();
        finish(run);
    }

    /// True if a start was tried, whatever became of it.
    boolean hasStarted() {
        return startRun != null;
    }

    boolean persists() {
        return crew.cells().values().stream().anyMatch(Cell::persists);
    }

    boolean hasAbandoned() {
        StopRun run = stopRun;
        return run != null && run.hasAbandoned();
    }

    /// True if `thread` works inside this scope.
    boolean isInside(Thread thread) {
        for (Gate gate : crew.gates()) {
            if (gate.holders().stream().anyMatch(holder -> holder.thread() == thread)) return true;
        }
        return crew.cells().values().stream().anyMatch(cell -> cell.isInside(thread));
    }

    boolean taskFailed(Cell cell, Throwable thrown) {
        if (!crew.court().judge(thrown).counts() || crew.court().isByStop(thrown)) return false;
        if (!cell.fail(thrown)) return true;
        StopRun run = stopRun;
        if (run != null) run.blame(cell, thrown);
        tellFailure(cell.name(), thrown);
        return true;
    }

    void tellFailure(String component, Throwable thrown) {
        failureListeners.forEach(listener -> listener.accept(component, thrown));
    }

    /// Has `listener` called once for each component of which a task fails, here or in a nested
    /// scope, on the task's thread.
    public void onFailure(BiConsumer<String, Throwable> listener) {
        failureListeners.add(listener);
    }

    /// The one judgement of an error met by this scope's work. Errors that coincide with a stop are
    /// kept for the report.
    public ErrorVerdict judge(Throwable error) {
        return crew.court().judge(error);
    }

    /// Has `observer` shown the report so far at every step of a stop. It must be quick.
    public void observe(Consumer<ShutdownReport> observer) {
        progress = observer;
    }

    /// How this scope and those nested in it stand now, with where their threads stand.
    public ScopeView view() {
        return view(ScopeView.Detail.STACKS);
    }

    /// Like [#view], without the stacks: cheap.
    public ScopeView glance() {
        return view(ScopeView.Detail.NAMES);
    }

    ScopeView view(ScopeView.Detail detail) {
        return ScopeView.of(crew, crew.gates(), stopRun, detail);
    }

    /// Why this scope and those nested in it do not move, as far as can be seen now.
    public StuckReport whyStuck() {
        return StuckReport.of(crew, waitsOfStop(), motion);
    }

    private List<WaitView> waitsOfStop() {
        StopRun run = stopRun;
        return run == null ? List.of() : run.waits();
    }

    /// Circles of waits each of which has lasted `least`, but for those that the look before saw:
    /// looked for every `least`, a circle is told once, within two looks of its closing.
    public List<List<String>> newCircles(Duration least) {
        return motion.unseen(StuckReport.circlesIn(crew, waitsOfStop(), motion, least));
    }

    /// Looks for circles every `tick` on a thread of its own, until the scope has ended. For scopes
    /// that are embedded: in a process the kernel looks.
    public void watch(Duration tick, Consumer<List<String>> listener) {
        crew.env().start("watch of " + name(), () -> watchUntilEnd(tick, listener));
    }

    private void watchUntilEnd(Duration tick, Consumer<List<String>> listener) {
        try {
            while (!state().isFinal()) {
                token().pause(tick);
                newCircles(tick).forEach(listener);
            }
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }

    /// A token of this scope in its present epoch.
    public Token token() {
        return word().token();
    }

    /// The present state.
    public State state() {
        return crew.word().state();
    }

    /// What it is called.
    public String name() {
        return crew.name();
    }

    StateWord word() {
        return crew.word();
    }

    Crew crew() {
        return crew;
    }

    /// Its components, in the order of their start.
    List<Cell> startedCells() {
        return crew.named(crew.order().startOrder());
    }
}
