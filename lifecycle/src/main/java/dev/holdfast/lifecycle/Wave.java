package dev.holdfast.lifecycle;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.Component.Handoff;
import dev.holdfast.lifecycle.ShutdownReport.ComponentOutcome;
import dev.holdfast.lifecycle.ShutdownReport.Fate;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.lifecycle.wait.StateWord;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Components that stop at the same time in one phase, none of which waits for another.
///
/// Each has until the soft deadline; then it is told to abort and has until the hard one to count
/// what it cuts; then it is abandoned, its holders are named, and the stop goes on. A nested scope
/// abandons its own parts by then: if it is late itself, its threads only wait for a processor, as
/// do those of a component whose stop has not even begun: these get what no later phase is sure of.
/// In a brief phase all get that, and before they are told to abort.
final class Wave {
    private static final Duration GRACE_MAX = Duration.ofMillis(500);
    private static final int GRACE_PART = 10;
    private static final Duration GIVE_UP_TICK = Duration.ofMillis(20);
    private static final Duration SPARE_MAX = Duration.ofSeconds(3);

    private final StopRun stop;
    private final Phase phase;
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitPoint over;
    private final List<Turn> turns = new ArrayList<>();
    private final Duration floor;
    private volatile Deadline hard;
    private volatile Deadline soft;
    private volatile @Nullable Deadline floorsBegin;

    Wave(StopRun stop, Phase phase, Duration slice, Duration floor) {
        this.stop = stop;
        this.phase = phase;
        this.floor = floor;
        over =
                new WaitPoint(
                        lock, WaitKind.OTHER, phase + " of " + stop.crew().name(), "components");
        hard = Deadline.after(stop.crew().env(), slice);
        soft = hard;
        tighten(slice);
    }

    private void tighten(Duration slice) {
        Duration grace = slice.dividedBy(GRACE_PART);
        if (GRACE_MAX.compareTo(grace) < 0) grace = GRACE_MAX;
        hard = hard.atMost(slice);
        soft = hard.atMost(slice.minus(grace));
    }

    /// With the time until then for who is late by the machine's doing.
    Wave until(Deadline laterFloorsBegin) {
        floorsBegin = laterFloorsBegin;
        return this;
    }

    /// Runs the stops of `cells` and returns what each came to.
    List<ComponentOutcome> run(List<Cell> cells) {
        for (Cell cell : cells) {
            if (isCutAtOnce(cell)) cell.word().advance(cell.word().state(), Level.ABORT);
            Turn turn = new Turn(cell);
            turns.add(turn);
            cell.runOnThread("stop " + cell.name() + " " + phase, turn::run);
        }
        awaitWithPatience();
        return turns.stream().map(this::conclude).toList();
    }

    private boolean isCutAtOnce(Cell cell) {
        return phase == Phase.HANDOFF && cell.component().handoff() == Handoff.CUT;
    }

    private void signal() {
        lock.lock();
        try {
            over.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitWithPatience() {
        while (true) {
            Mode mode = stop.mode();
            if (mode == Mode.IMMEDIATE) return;
            if (stop.isTakenBack()) {
                if (awaitGivingUp()) return;
                break;
            }
            if (mode == Mode.FAST && phase.isCuttable()) tighten(floor);
            if (mode == Mode.FAST && phase.isCuttable() && phase != Phase.DRAIN) cut();
            BooleanSupplier hasChanged =
                    () -> allOver() || stop.mode() != mode || stop.isTakenBack();
            boolean isUp = await(hasChanged, soft) == WaitResult.EXPIRED && soft.isExpired();
            if (isUp && !lengthen()) break;
            if (allOver()) return;
        }
        cut();
        await(() -> allOver() || stop.mode() == Mode.IMMEDIATE, hard);
        Deadline last = floorsBegin;
        if (last == null || turns.stream().noneMatch(Turn::isLate)) return;
        await(() -> allOver() || stop.mode() == Mode.IMMEDIATE, last.atMost(SPARE_MAX));
    }

    // Once: to tell a component to abort is for good, and would cut off in DRAIN those whose
    // requests it is still to answer.
    private boolean lengthen() {
        Deadline last = floorsBegin;
        if (last == null || !phase.isBrief()) return false;
        floorsBegin = null;
        Deadline spare = last.atMost(SPARE_MAX);
        if (spare.remainingNanos() <= hard.remainingNanos()) return false;
        hard = spare;
        tighten(spare.remaining());
        return true;
    }

    // A component that others wait for asks for all that there is, once for all of the wave.
    private void takeSpare() {
        lock.lock();
        try {
            Deadline last = floorsBegin;
            if (last == null || stop.mode() != Mode.SMART) return;
            floorsBegin = null;
            if (last.remainingNanos() <= hard.remainingNanos()) return;
            hard = last;
            tighten(last.remaining());
        } finally {
            lock.unlock();
        }
    }

    // The stop was taken back. Again and again, as a turn may enter its next wait just now.
    private boolean awaitGivingUp() {
        while (!allOver() && !soft.isExpired()) {
            turns.forEach(Turn::giveUp);
            await(this::allOver, soft.atMost(GIVE_UP_TICK));
        }
        return allOver();
    }

    /// Tells those who are not done to give up. In FAST, who is still to persist is spared: its
    /// waits must not be cut, and it reads the mode.
    private void cut() {
        boolean isForAll = soft.isExpired() || phase == Phase.HANDOFF;
        for (Turn turn : turns) {
            Cell cell = turn.cell;
            if (turn.isOver() || cell.inner() != null) continue;
            if (isForAll || !cell.takesPartIn(Phase.PERSIST)) {
                cell.word().advance(cell.word().state(), Level.ABORT);
            }
        }
    }

    private boolean allOver() {
        return turns.stream().allMatch(Turn::isOver);
    }

    private WaitResult await(BooleanSupplier holds, Deadline deadline) {
        return stop.awaitUninterruptibly(lock, over, holds, deadline);
    }

    private ComponentOutcome conclude(Turn turn) {
        Cell cell = turn.cell;
        if (!turn.isOver()) return stop.mode() == Mode.IMMEDIATE ? left(cell) : abandon(cell);
        ComponentOutcome outcome = ReportDraft.outcomeOf(cell.name(), turn.outcome());
        List<String> holders = outcome.fate() == Fate.DONE ? List.of() : cell.gateHolders();
        stop.draft()
                .worsen(
                        cell.name(),
                        outcome.fate(),
                        phase + ": " + outcome.detail(),
                        holders,
                        StopRun.codeOf(outcome.fate(), phase, cell));
        if (phase == Phase.RELEASE) release(cell);
        return outcome;
    }

    private void release(Cell cell) {
        Scope inner = cell.inner();
        if (inner != null && inner.hasAbandoned()) {
            abandon(cell);
            return;
        }
        List<String> inside = cell.gateHolders();
        if (!inside.isEmpty()) {
            stop.draft()
                    .worsen(cell.name(), Fate.LEAKED, "gate not empty", inside, ExitCode.LEAKED);
        }
        cell.end(State.STOPPED);
    }

    private ComponentOutcome abandon(Cell cell) {
        List<String> holders = cell.holders();
        String detail = "did not end " + phase + " in time";
        stop.draft()
                .worsen(
                        cell.name(),
                        Fate.ABANDONED,
                        detail,
                        holders,
                        StopRun.codeOf(Fate.ABANDONED, phase, cell));
        cell.end(State.ABANDONED);
        return new ComponentOutcome(cell.name(), Fate.ABANDONED, detail);
    }

    private ComponentOutcome left(Cell cell) {
        String detail = "left in " + phase + " by an immediate stop";
        stop.draft().worsen(cell.name(), Fate.CUT, detail, cell.holders(), ExitCode.CUT_SHORT);
        return new ComponentOutcome(cell.name(), Fate.CUT, detail);
    }

    /// One component's part: runs its stop, and is what the component is given meanwhile.
    private final class Turn implements StopContext {
        private final Cell cell;
        private final StateWord word; // to end this turn alone, without its component's work
        private volatile @Nullable Outcome outcome;
        private volatile boolean hasBegun;

        Turn(Cell cell) {
            this.cell = cell;
            word = cell.word().nest(cell.name());
        }

        /// Ends what this turn waits for; the requests that it waits for go on.
        void giveUp() {
            if (isOver()) return;
            word.advance(cell.word().state(), Level.ABORT);
            cell.gates().forEach(Gate::giveUpDrain);
        }

        /// Runs the component's stop, and in RELEASE waits for its tasks to end. The wave is told
        /// in the end, but not while anything of the component still runs.
        void run() {
            hasBegun = true;
            Outcome result = cell.takesPartIn(phase) ? stopBoth() : Outcome.done();
            if (phase == Phase.RELEASE && !tasksEnd()) return; // still running: the wave will see
            outcome = result;
            word.leave();
            signal();
        }

        private Outcome stopBoth() {
            Scope inner = cell.inner();
            Outcome ofInner = inner == null ? Outcome.done() : stopInner(inner);
            boolean isAsked = cell.component().phases().contains(phase);
            Outcome own = isAsked ? stopComponent() : ofInner;
            return own instanceof Outcome.Done ? worse(own, ofInner) : own;
        }

        private static Outcome worse(Outcome own, Outcome ofInner) {
            return ofInner instanceof Outcome.Done ? own : ofInner;
        }

        private Outcome stopInner(Scope inner) {
            if (!Phase.OF_NESTED.contains(phase)) return Outcome.done();
            try {
                return inner.stopWithin(phase, this);
            } catch (InterruptedException interrupted) {
                return failed(interrupted);
            }
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

        private boolean tasksEnd() {
            cell.word().advance(cell.word().state(), Level.ABORT);
            for (Task task : cell.runningTasks()) {
                if (!task.joinUninterruptibly(hard, stop.control())) return false;
            }
            return true;
        }

        boolean isOver() {
            return outcome != null;
        }

        /// True if it is not what it does that takes so long.
        boolean isLate() {
            return !isOver() && (cell.inner() != null || !hasBegun);
        }

        /// What it came to; cut if it is not over.
        Outcome outcome() {
            Outcome result = outcome;
            return result == null ? Outcome.cut("stop of this phase", 1) : result;
        }

        @Override
        public Deadline deadline() {
            return soft;
        }

        @Override
        public Deadline longestDeadline() {
            takeSpare();
            return soft;
        }

        @Override
        public Mode mode() {
            return stop.mode();
        }

        @Override
        public Level level() {
            return word.token().level();
        }

        @Override
        public Token token() {
            return word.token();
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
}
