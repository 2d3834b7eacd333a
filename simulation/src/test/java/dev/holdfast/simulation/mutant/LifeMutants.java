package dev.holdfast.simulation.mutant;

import java.time.Duration;
import java.util.List;

/// A mistake for each invariant of the lifecycle kernel; docs/design/lifecycle.md lists them.
final class LifeMutants {
    private static final String WORD = "lifecycle.wait.StateWord";
    private static final String GATE = "lifecycle.gate.Gate";
    private static final String MAILBOX = "lifecycle.gate.Mailbox";
    private static final String COURT = "lifecycle.ErrorCourt";
    private static final String STOP_TEST = "lifecycle.StopTest";
    private static final String VERDICT_TEST = "lifecycle.ErrorVerdictTest";
    private static final String GATE_TEST = "lifecycle.gate.GateTest";
    private static final String PUBLISH = "if (word.compareAndSet(seen, wanted)) {";

    private LifeMutants() {}

    /// All of them, by number.
    static List<Mutant> all() {
        return java.util.stream.Stream.of(
                        words(), errors(), answers(), waits(), budgets(), gates(), orders(),
                        signals(), stops(), objects(), ends())
                .flatMap(List::stream)
                .toList();
    }

    /// The state is published first and the token `nanos` later.
    static Mutant stateBeforeToken(Mutant mutant, long nanos) {
        return mutant.replacing(
                WORD,
                PUBLISH,
                """
                long stateOnly = pack(epochOf(seen), next, levelOf(seen));
                if (word.compareAndSet(seen, stateOnly)) {
                    LockSupport.parkNanos(%dL);
                    word.set(wanted);
                """
                        .formatted(nanos));
    }

    /// The flusher ends at a stop as if everything were flushed.
    static Mutant stopDropsMemtables(Mutant mutant) {
        String flusher = "engine.write.MemtableFlusher";
        return mutant.replacing(
                        flusher,
                        "return ending.isReached() ? null : frozen.peek();",
                        "return isStopping || ending.isReached() ? null : frozen.peek();")
                .replacing(
                        flusher,
                        "long lastSeq = live.current().manifest().lastL0Seq(); live.publish",
                        "long lastSeq = log.durableSeq(); live.publish");
    }

    private static List<Mutant> words() {
        return List.of(
                stateBeforeToken(
                                Mutant.of(
                                        "LIFE-1",
                                        "state-before-token",
                                        "The state is published first, the token a moment later"
                                                + " (Neon 11427)."),
                                20_000)
                        .foundBy("lifecycle.wait.StateWordTest"),
                Mutant.of(
                                "LIFE-2",
                                "level-copied-to-children",
                                "Each child holds a copy of its parent's level, set one by one.")
                        .replacing(
                                "lifecycle.wait.Token",
                                "level = level.max(outer.level());",
                                "level = level.max(word.inherited);")
                        .replacing(
                                WORD,
                                "for (StateWord child : nested.values()) child.wake();",
                                """
                                for (StateWord child : nested.values()) {
                                    child.inherited = level();
                                    LockSupport.parkNanos(20_000L);
                                    child.wake();
                                }
                                """)
                        .replacing(
                                WORD,
                                "private volatile @Nullable StateWord parent;",
                                """
                                private volatile @Nullable StateWord parent;
                                volatile Level inherited = Level.NONE;
                                """)
                        .foundBy("lifecycle.wait.StateWordTest"),
                Mutant.of(
                                "LIFE-3",
                                "level-set-not-raised",
                                "A transition sets the level that it names, instead of raising to"
                                        + " it.")
                        .replacing(WORD, "levelOf(seen).max(level).max(least)", "level.max(least)")
                        .foundBy("lifecycle.wait.StateWordTest"));
    }

    private static List<Mutant> errors() {
        return List.of(
                Mutant.of(
                                "LIFE-4",
                                "stop-seen-on-the-outside-only",
                                "Only the outermost exception is looked at, so a wrapped stop"
                                        + " counts as a failure.")
                        .replacing(
                                COURT,
                                "ofOwnStop |= each instanceof",
                                "ofOwnStop |= error instanceof")
                        .foundBy(VERDICT_TEST),
                Mutant.of(
                                "LIFE-5",
                                "corruption-hidden-by-a-stop",
                                "During a stop every error is put down to the stop (the first mend"
                                        + " of Neon 11427).")
                        .replacing(
                                COURT,
                                "if (isCorruption.test(each)) return Severity",
                                "if (isCorruption.test(each) && !word.state().isStopping())"
                                        + " return Severity")
                        .foundBy(VERDICT_TEST),
                Mutant.of(
                                "LIFE-6",
                                "first-coincident-error-only",
                                "Only the first error that coincides with a stop is kept.")
                        .replacing(
                                COURT,
                                "if (kept.size() < KEPT_MAX) kept.add",
                                "if (kept.isEmpty()) kept.add")
                        .replacing(COURT, "else beyondKept++;", "")
                        .foundBy(VERDICT_TEST));
    }

    private static List<Mutant> answers() {
        return List.of(
                Mutant.of(
                                "LIFE-7",
                                "refused-at-the-exit",
                                "A gate that closed meanwhile refuses who leaves: the caller hears"
                                        + " `not applied` of work that was done.")
                        .replacing(
                                GATE,
                                "if (place.leaveWith(ticket) && closed) signalIfEmpty();",
                                "if (place.leaveWith(ticket) && closed) { signalIfEmpty();"
                                        + " refuseIfClosed(); }")
                        .replacing(
                                GATE,
                                "/// Lets nobody in from now on.",
                                """
                                void refuseIfClosed() {
                                    if (closed) throw token.renewed().stopped(
                                            Certainty.NOT_APPLIED, name + " is closed");
                                }
                                /// Lets nobody in from now on.
                                """)
                        .foundBy("simulation.NotAppliedSimulationTest"),
                Mutant.of(
                                "LIFE-7",
                                "applied-before-it-is-refused",
                                "A conditional write is applied first and refused afterwards.")
                        .replacing(
                                "engine.write.BatchWriter",
                                "refuseOrPrepare(commit); if (!commit.batch().isEmpty())"
                                        + " apply(commit);",
                                """
                                if (!commit.batch().isEmpty()) apply(commit);
                                refuseOrPrepare(commit);
                                """)
                        .foundBy("simulation.NotAppliedSimulationTest"));
    }

    private static List<Mutant> waits() {
        return List.of(
                Mutant.of("LIFE-8", "nameless-waker", "A wait does not say who will end it.")
                        .replacing(
                                "lifecycle.wait.WaitPoint",
                                "token.newWait(deadline, kind, resource, waker, holds)",
                                "token.newWait(deadline, kind, resource, \"\", holds)")
                        .foundBy("lifecycle.wait.WaitPointTest"),
                Mutant.of(
                                "LIFE-9",
                                "nobody-told-of-the-end",
                                "The end of a task is noted, and nobody who waits for it is woken"
                                        + " (OrioleDB 340).")
                        .replacing(WORD, "gone.add(waker); wake();", "gone.add(waker);")
                        .foundBy("lifecycle.wait.WaitPointTest")
                        .within(Duration.ofSeconds(4)),
                Mutant.of(
                                "LIFE-10",
                                "circle-search-remembers",
                                "What was seen from one start is not looked at from the next, so a"
                                        + " member of a second circle goes unnamed.")
                        .replacing(
                                "lifecycle.plan.Circles",
                                "Map<String, String> reachedFrom = new HashMap<>();",
                                "")
                        .replacing(
                                "lifecycle.plan.Circles",
                                "shortestThrough(start, edges);",
                                "shortestThrough(start, edges, reachedFrom);")
                        .replacing(
                                "lifecycle.plan.Circles",
                                "shortestThrough(String start, Map<String, Set<String>> edges) {",
                                "shortestThrough(String start, Map<String, Set<String>> edges,"
                                        + " Map<String, String> reachedFrom) {")
                        .replacing(
                                "lifecycle.plan.Circles",
                                "Set<String> covered = new HashSet<>();",
                                "Set<String> covered = new HashSet<>();"
                                        + " Map<String, String> reachedFrom = new HashMap<>();")
                        .foundBy("lifecycle.plan.CirclesTest"),
                Mutant.of(
                                "LIFE-11",
                                "sleep-under-a-lock",
                                "A pause is allowed under a tracked lock.")
                        .replacing(
                                "lifecycle.wait.Token", "word.refuseUnderLock(null, \"time\");", "")
                        .foundBy("lifecycle.wait.WaitPointTest"));
    }

    private static List<Mutant> budgets() {
        return List.of(
                Mutant.of(
                                "LIFE-12",
                                "whole-budget-for-each-phase",
                                "Every phase may use the whole budget.")
                        .replacing("lifecycle.StopRun", "shares.slice(index, left)", "total")
                        .foundBy(STOP_TEST),
                Mutant.of(
                                "LIFE-13",
                                "no-abort-at-the-overrun",
                                "A component that overruns its slice is not told to abort, so its"
                                        + " wait for a silent store goes on.")
                        .replacing(
                                "lifecycle.Wave",
                                "cut(); await(() -> allOver() || stop.mode() == Mode.IMMEDIATE,"
                                        + " hard);",
                                "await(() -> allOver() || stop.mode() == Mode.IMMEDIATE, hard);")
                        .foundBy(STOP_TEST));
    }

    private static List<Mutant> gates() {
        return List.of(
                Mutant.of(
                                "LIFE-14",
                                "look-before-you-enter",
                                "Who enters looks whether the gate is closed, and then takes a"
                                        + " place.")
                        .replacing(
                                GATE,
                                "Thread holder = Thread.currentThread(); Place[] table = places;"
                                        + " Place place = table[spread(holder.threadId())",
                                """
                                if (closed) throw token.renewed().stopped(
                                        Certainty.NOT_APPLIED, name + " is closed");
                                java.util.concurrent.locks.LockSupport.parkNanos(20_000);
                                Thread holder = Thread.currentThread();
                                Place[] table = places;
                                Place place = table[spread(holder.threadId())
                                """)
                        .replacing(GATE, "if (closed) throw refused(place, stay);", "")
                        .foundBy(GATE_TEST),
                Mutant.of(
                                "LIFE-15",
                                "one-look-at-the-places",
                                "Emptiness is concluded from one look at the places, one after the"
                                        + " other.")
                        .replacing(GATE, "0 <= first && staysIfFree() == first", "0 <= first")
                        .replacing(
                                GATE,
                                "long stay = place.stay(); if ((stay & 1) != 0) return -1;",
                                "long stay = place.stay(); if ((stay & 1) != 0) return -1;"
                                        + " java.util.concurrent.locks.LockSupport"
                                        + ".parkNanos(1_000);")
                        .foundBy(GATE_TEST));
    }

    private static List<Mutant> orders() {
        return List.of(
                Mutant.of(
                                "LIFE-16",
                                "last-outcome-counts",
                                "What a component did in the last phase hides what it did before.")
                        .replacing(
                                "lifecycle.ReportDraft",
                                "if (before == null || before.fate().ordinal() < fate.ordinal())",
                                "")
                        .foundBy(STOP_TEST),
                Mutant.of(
                                "LIFE-17",
                                "release-under-an-abandoned-one",
                                "What an abandoned component stands on is released all the same.")
                        .replacing(
                                "lifecycle.StopRun",
                                "if (phase == Phase.RELEASE && isStoodOn(cell))"
                                        + " outcomes.add(leak(cell)); else ready.add(cell);",
                                "ready.add(cell);")
                        .foundBy(STOP_TEST),
                Mutant.of(
                                "LIFE-18",
                                "circle-taken-for-done",
                                "A part counts as placed as soon as it is visited, so a circle is"
                                        + " taken for an order.")
                        .replacing(
                                "lifecycle.plan.Order",
                                "path.addLast(part.name());",
                                "path.addLast(part.name()); started.add(part.name());")
                        .replacing("lifecycle.plan.Order", "!path.contains(required),", "true,")
                        .foundBy("lifecycle.plan.OrderTest"));
    }

    private static List<Mutant> signals() {
        return List.of(
                Mutant.of(
                                "LIFE-19",
                                "signal-before-the-scope",
                                "A signal during start-up dereferences what is not there yet (Pika"
                                        + " 2286).")
                        .replacing(
                                "lifecycle.Kernel",
                                "if (served != null && request != null)"
                                        + " served.escalate(request.mode);",
                                "served.escalate(request.mode);")
                        .foundBy("lifecycle.KernelProcessTest"),
                Mutant.of(
                                "LIFE-20",
                                "signals-do-not-escalate",
                                "A further signal asks for what the first one asked for.")
                        .replacing(
                                "lifecycle.signal.Escalation",
                                "Math.max(firstStep, before.step + 1)",
                                "Math.max(firstStep, before.step)")
                        .foundBy("lifecycle.signal.EscalationTest"));
    }

    private static List<Mutant> stops() {
        return List.of(
                Mutant.of(
                                "LIFE-21",
                                "stop-is-start-reversed",
                                "What feeds what is not asked: whoever started last stops first"
                                        + " (SlateDB 121).")
                        .replacing(
                                "lifecycle.plan.Order",
                                "for (Part part : list) part.feeds().forEach(to ->"
                                        + " addStopEdge(part.name(), to));",
                                "")
                        .foundBy("lifecycle.plan.OrderTest"),
                Mutant.of(
                                "LIFE-22",
                                "seal-throws-away",
                                "Sealing a mailbox drops what was in it (SlateDB 783).")
                        .replacing(
                                MAILBOX,
                                "if (sealReason == null) sealReason = reason;",
                                "if (sealReason == null) sealReason = reason; items.clear();")
                        .foundBy("lifecycle.gate.MailboxTest"),
                Mutant.of(
                                "LIFE-23",
                                "tasks-until-the-abort",
                                "New tasks are refused only from ABORT on.")
                        .replacing(
                                "lifecycle.Cell",
                                "return own != Level.NONE ||",
                                "return own == Level.ABORT ||")
                        .foundBy(STOP_TEST),
                Mutant.of(
                                "LIFE-24",
                                "sealed-mailbox-throws",
                                "An offer to a sealed mailbox throws at the producer (SlateDB"
                                        + " 1080).")
                        .replacing(
                                MAILBOX,
                                "if (sealReason != null) return Offer.SEALED;",
                                "if (sealReason != null)"
                                        + " throw new IllegalStateException(\"sealed\");")
                        .foundBy("lifecycle.gate.MailboxTest"));
    }

    private static List<Mutant> objects() {
        return List.of(
                Mutant.of(
                                "LIFE-25",
                                "table-named-though-unknown",
                                "A table whose put timed out is named in the manifest.")
                        .replacing(
                                "engine.table.SstWriter",
                                "case PutResult.Unknown unknown -> failure = unknown.cause();",
                                """
                                case PutResult.Unknown unknown -> {
                                    return Durable.confirmed(name);
                                }
                                """)
                        .foundBy("simulation.NamedObjectsSimulationTest"),
                Mutant.of(
                                "LIFE-26",
                                "acknowledged-before-the-put",
                                "Durability is acknowledged as soon as a commit is in memory.")
                        .replacing(
                                "engine.wal.RemoteWal",
                                "if (seq <= durableSeq) return; guard.lock();",
                                "if (seq <= appendedSeq) return; guard.lock();")
                        .foundBy("simulation.StopOrKillSimulationTest"),
                stopDropsMemtables(
                                Mutant.of(
                                        "LIFE-26",
                                        "stop-drops-memtables",
                                        "A stop ends the flusher where it is, and marks all of the"
                                                + " log as being in tables."))
                        .foundBy("simulation.StopOrKillSimulationTest"));
    }

    private static List<Mutant> ends() {
        return List.of(
                Mutant.of(
                                "LIFE-27",
                                "marker-after-every-stop",
                                "The clean marker is left whatever the exit code.")
                        .replacing(
                                "lifecycle.Scope",
                                "startRun != null && done.exitCode() == ExitCode.CLEAN;",
                                "startRun != null;")
                        .foundBy(STOP_TEST),
                Mutant.of(
                                "LIFE-27",
                                "marker-kept-at-the-start",
                                "The clean marker of the run before is not removed.")
                        .replacing(
                                "lifecycle.Scope",
                                "if (marker != null) marker.remove(); boolean allRun",
                                "if (marker != null && run.hangs()) marker.remove();"
                                        + " boolean allRun")
                        .foundBy(STOP_TEST),
                Mutant.of(
                                "LIFE-28",
                                "clean-though-work-remains",
                                "What remains is listed, and the exit code is still 0.")
                        .replacing(
                                "lifecycle.ReportDraft",
                                "worst = worse(worst, ExitCode.CUT_SHORT);",
                                "")
                        .foundBy(STOP_TEST),
                Mutant.of(
                                "LIFE-29",
                                "floor-eaten-by-weight",
                                "A phase gets its weighed part, even if its floor is higher.")
                        .replacing(
                                "lifecycle.plan.Budget",
                                "Math.max(share.floorNanos(), weighed)",
                                "weighed")
                        .foundBy("lifecycle.plan.BudgetTest"),
                Mutant.of(
                                "LIFE-30",
                                "a-report-for-each-caller",
                                "Every call of stop makes a run and a report of its own.")
                        .replacing(
                                "lifecycle.Scope",
                                "run = present == null ? newRun(mode, budget, reason) : present;",
                                "run = newRun(mode, budget, reason);")
                        .replacing(
                                "lifecycle.Scope",
                                "isOurs = present == null && state() != State.STARTING;",
                                "isOurs = state() != State.STARTING;")
                        .foundBy(STOP_TEST));
    }
}
