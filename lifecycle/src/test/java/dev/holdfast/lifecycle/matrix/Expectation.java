package dev.holdfast.lifecycle.matrix;

import dev.holdfast.lifecycle.ExitCode;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.matrix.Behaviour.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/// What must come of a cell, by the table in docs/design/lifecycle.md.
///
/// @param codes the exit codes that may come: one, but where there is no memory left
/// @param within how long it may take from the first signal
/// @param isBlamed true if the report must name the culprit
/// @param isLocated true if it must also name a line where the culprit stands
record Expectation(Set<ExitCode> codes, Duration within, boolean isBlamed, boolean isLocated) {
    private static final Duration WATCHDOG_SLACK = Duration.ofSeconds(2);
    private static final Duration HALT_SLACK = Duration.ofSeconds(1);

    static Expectation of(Cell cell) {
        boolean isThird = cell.stimulus() == Stimulus.TERM_THRICE && isHeld(cell);
        Set<ExitCode> codes = EnumSet.of(isThird ? ExitCode.IMMEDIATE : codeOf(cell));
        if (cell.behaviour() == Behaviour.EATS_ALL_MEMORY) {
            codes.addAll(EnumSet.of(codeOf(cell), ExitCode.STUCK, ExitCode.FATAL));
            // without memory a stop may still be under way at the third signal, or not hear of it
            if (cell.stimulus() == Stimulus.TERM_THRICE) codes.add(ExitCode.IMMEDIATE);
        }
        Kind kind = cell.behaviour().kind();
        boolean isOdd = kind != Kind.CALM && !(codes.contains(ExitCode.CLEAN));
        boolean hasMemory = cell.behaviour() != Behaviour.EATS_ALL_MEMORY;
        boolean isBlamed = isOdd && hasMemory && isSeen(cell);
        // a start that waits for the start of a scope inside stands in the kernel's own lines
        boolean isInKernel =
                cell.behaviour() == Behaviour.HAS_A_CHILD_SCOPE_THAT_HANGS
                        && (cell.moment().isStart() || cell.moment() == Moment.BUILDING);
        boolean isLocated = isBlamed && kind.isDeaf() && !isInKernel;
        return new Expectation(
                codes, isThird ? untilHalted(cell) : untilStopped(cell), isBlamed, isLocated);
    }

    // Before there is a scope, only what hangs can be named.
    private static boolean isSeen(Cell cell) {
        Kind kind = cell.behaviour().kind();
        if (cell.moment() == Moment.BUILDING) return kind.isDeaf() || kind == Kind.HEEDS;
        return !(cell.moment().isStart() && kind == Kind.HEEDS);
    }

    private static Duration untilStopped(Cell cell) {
        return cell.budget().plus(WATCHDOG_SLACK);
    }

    // Without memory not even signals arrive, so there the watchdog is what counts.
    private static Duration untilHalted(Cell cell) {
        boolean hasMemory = cell.behaviour() != Behaviour.EATS_ALL_MEMORY;
        if (!hasMemory) return untilStopped(cell);
        return cell.stimulus().gap().multipliedBy(2).plus(HALT_SLACK);
    }

    private static ExitCode codeOf(Cell cell) {
        Kind kind = cell.behaviour().kind();
        if (kind == Kind.EXITS) return ExitCode.FATAL;
        return switch (cell.moment()) {
            case BUILDING ->
                    kind.isDeaf() || kind == Kind.HEEDS ? ExitCode.STUCK : ExitCode.START_ABORTED;
            case FIRST_START, MID_START -> ExitCode.START_ABORTED;
            case RUNNING -> whenRunning(cell);
            case ANNOUNCE, REJECT, DRAIN, QUIESCE, PERSIST, HANDOFF, RELEASE -> inPhase(cell);
        };
    }

    private static ExitCode whenRunning(Cell cell) {
        // its own DRAIN gets no processor any more, so it is not only a task that is left over
        if (cell.behaviour() == Behaviour.STARVES_EVERY_CARRIER) return ExitCode.CUT_SHORT;
        return switch (cell.behaviour().kind()) {
            case CALM, HEEDS -> ExitCode.CLEAN;
            case LEAKS -> ExitCode.CUT_SHORT;
            case HANGS, HANGS_WITH_TASKS -> ExitCode.LEAKED;
            case THROWS, EXITS -> ExitCode.FATAL;
        };
    }

    private static ExitCode inPhase(Cell cell) {
        boolean isLast = cell.moment().phase() == Phase.RELEASE;
        boolean persists = cell.moment().phase() == Phase.PERSIST;
        return switch (cell.behaviour().kind()) {
            case CALM -> ExitCode.CLEAN;
            case LEAKS -> ExitCode.LEAKED;
            case HEEDS -> isLast ? ExitCode.LEAKED : ExitCode.CUT_SHORT;
            case HANGS, HANGS_WITH_TASKS, THROWS -> {
                if (persists) yield ExitCode.NOT_PERSISTED;
                yield isLast ? ExitCode.LEAKED : ExitCode.CUT_SHORT;
            }
            case EXITS -> ExitCode.FATAL;
        };
    }

    /// True if the process is still held up at the third signal.
    private static boolean isHeld(Cell cell) {
        Kind kind = cell.behaviour().kind();
        return switch (cell.moment()) {
            case BUILDING -> kind.isDeaf() || kind == Kind.HEEDS;
            case FIRST_START, MID_START -> kind == Kind.HANGS_WITH_TASKS;
            case RUNNING -> kind.isDeaf() || kind == Kind.LEAKS || kind == Kind.EXITS;
            case QUIESCE, HANDOFF -> kind.isDeaf() || kind == Kind.EXITS; // FAST cuts who heeds
            case ANNOUNCE, REJECT, DRAIN, PERSIST, RELEASE ->
                    kind.isDeaf() || kind == Kind.HEEDS || kind == Kind.EXITS;
        };
    }
}
