package dev.holdfast.simulation.mutant;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// The original mistake of each of the five incidents, planted into the code that makes it
/// impossible.
final class IncidentMutants {
    private static final String SCENARIOS = "lifecycle.IncidentTest";
    private static final String WAIT_POINT = "lifecycle.wait.WaitPoint";

    private IncidentMutants() {}

    /// All of them, by number.
    static List<Mutant> all() {
        return Stream.of(waits(), stops(), orders()).flatMap(List::stream).toList();
    }

    private static List<Mutant> waits() {
        return List.of(
                LifeMutants.stateBeforeToken(
                                Mutant.of(
                                        "INC-1",
                                        "timeline-stops-before-its-token",
                                        "The state says Stopping, the token is cancelled later"
                                                + " (Neon 11427)."),
                                20_000_000)
                        .foundBy(SCENARIOS),
                Mutant.of(
                                "INC-2",
                                "wait-without-end",
                                "A wait has neither deadline nor waker, and may be entered under a"
                                        + " lock (OrioleDB 340).")
                        .replacing(
                                WAIT_POINT,
                                "if (token.isGone(waker)) return WaitResult.WAKER_GONE;",
                                "")
                        .replacing(
                                WAIT_POINT,
                                "if (left == 0) return WaitResult.EXPIRED;",
                                "if (left == 0) left = Long.MAX_VALUE;")
                        .replacing(WAIT_POINT, "token.word().refuseUnderLock(lock, resource);", "")
                        .foundBy(SCENARIOS)
                        .within(Duration.ofSeconds(8)));
    }

    private static List<Mutant> stops() {
        return List.of(
                Mutant.of(
                                "INC-3",
                                "flag-and-destructors",
                                "A stop sets a flag and releases everything at once: nobody waits"
                                        + " for requests, tasks or an order (Pika 2286).")
                        .replacing(
                                "lifecycle.gate.Gate",
                                "WaitResult result = empty.await(isOver, deadline, until);",
                                "WaitResult result = WaitResult.SATISFIED;")
                        .replacing(
                                "lifecycle.Wave",
                                "if (!task.joinUninterruptibly(hard, stop.control()))"
                                        + " return false;",
                                "if (task.isDone()) continue;")
                        .foundBy(SCENARIOS),
                Mutant.of(
                                "INC-3",
                                "late-doors-cut-off-replies",
                                "Who is late with closing its doors is told to give up for good,"
                                        + " and cuts off those whom it is still to answer.")
                        .replacing("lifecycle.Wave", "&& !lengthen()", "")
                        .foundBy("lifecycle.StopTest"),
                Mutant.of(
                                "INC-3",
                                "signal-at-the-start",
                                "A signal during start-up dereferences what is not there yet (Pika"
                                        + " 2286).")
                        .replacing(
                                "lifecycle.Kernel",
                                "if (served != null && request != null)"
                                        + " served.escalate(request.mode);",
                                "served.escalate(request.mode);")
                        .foundBy("lifecycle.KernelProcessTest"));
    }

    private static List<Mutant> orders() {
        return List.of(
                Mutant.of(
                                "INC-4",
                                "orchestrator-returns-at-once",
                                "The orchestrator stops before the workers that feed it: what they"
                                        + " finish has no receiver (SlateDB 121, 783, 1080).")
                        .replacing(
                                "lifecycle.plan.Order",
                                "for (Part part : list) part.feeds().forEach(to ->"
                                        + " addStopEdge(part.name(), to));",
                                "")
                        .foundBy(SCENARIOS),
                Mutant.of(
                                "INC-5",
                                "last-seen-at-the-freeze",
                                "The manifest's wal_id_last_seen moves when a log object is sealed,"
                                        + " not when it is flushed (SlateDB 433, 1018); around the"
                                        + " type that stands in the way.")
                        .replacing(
                                "engine.wal.RemoteWal",
                                "return index.cover(seq);",
                                """
                                long sealedToo = backlog.sealed()
                                        + (backlog.open() == null ? 0 : 1);
                                return index.cover(seq).map(there -> new WalPosition(
                                        there.replayAfter(), there.lastSeen() + sealedToo));
                                """)
                        .foundBy("simulation.WalMarkIncidentTest"));
    }
}
