package dev.holdfast.simulation.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.report.Figures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// All crash points of all scripts, under many schedules: one death, what arrives late, and two
/// deaths.
@Tag("long")
@Timeout(3600)
class CrashPointLongTest {
    private static final long POINTS_MIN = 25_000;
    private static final int PAIRS = 200;

    @Test
    void shouldKeepEveryAcknowledgedWriteWhereverMachinesDie() {
        var tally = new CrashTally();
        for (long seed : CrashPointTest.seeds(15))
            for (Script script : CrashPointTest.scripts())
                new CrashPoints(script, seed, tally).single();
        System.out.println("one death: " + tally);
        for (long seed : CrashPointTest.seeds(1))
            for (Script script : CrashPointTest.scripts())
                new CrashPoints(script, seed, tally).late();
        System.out.println("and late effects: " + tally);
        for (long seed : CrashPointTest.seeds(1))
            for (Script script : CrashPointTest.scripts())
                new CrashPoints(script, seed, tally).twice(PAIRS);

        tally.assertAllIsWell();
        assertTrue(POINTS_MIN <= tally.points(), "only " + tally.points());
        Figures.record("crash points enumerated, 0 acknowledged writes lost", tally.points());
        Figures.record("writes acknowledged before those crashes", tally.acknowledged());
        Figures.record("crash points told in a second of one processor", tally.runsPerCpuSecond());
    }
}
