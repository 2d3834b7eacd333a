package dev.holdfast.simulation.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.Sometimes;
import dev.holdfast.simulation.disk.PlantedDisk.Bug;
import dev.holdfast.simulation.history.Seeds;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The real engine on a local directory of a simulated disk, whose power is cut at random instants:
/// what was acknowledged as REMOTE is there afterwards, and the check of the database finds it
/// whole. `-Dseed=7` repeats one run, `-Dsimulation.seeds=1000` runs more.
@Timeout(600)
class PowerCutEngineTest {
    private static final int SEEDS = 220;
    private static final int PLANTED_SEEDS = 300;

    private static final List<String> EXPECTED =
            List.of(
                    "disk BYTES_LOST",
                    "disk NAME_LOST",
                    "disk NAME_REORDERED",
                    "disk FORCE_FAILS",
                    "disk NAMES_FORCE_FAILS",
                    "disk FORCE_SLOW",
                    "disk WRITE_FAILS",
                    "disk READ_FAILS",
                    "disk NAME_FAILS",
                    "disk REFUSED",
                    "process killed",
                    "power cut under load");

    private static final Sometimes SOMETIMES = new Sometimes(EXPECTED.toArray(String[]::new));

    private static long acknowledged;

    @AfterAll
    static void shouldHaveMetWhatMatters() {
        System.out.printf(
                "engine on a simulated disk: %d writes acknowledged, %s%n",
                acknowledged, SOMETIMES);
        if (Seeds.isOneAlone()) return;
        SOMETIMES.mustHaveHappenedIn(0);
        for (String each : EXPECTED) assertTrue(SEEDS / 20 < SOMETIMES.runsWith(each), each);
        assertTrue(20L * SEEDS < acknowledged, "acknowledged " + acknowledged);
    }

    @Test
    void shouldKeepEveryAcknowledgedWriteWhenThePowerIsCut() {
        for (long seed : Seeds.of("power-cut", SEEDS).toArray()) {
            var first = new EngineStory(seed, Bug.NONE);
            assertEquals("", first.wrong(), "seed=" + seed);
            acknowledged += first.acknowledged();
            SOMETIMES.add(first.simulation());
            if (seed % 10 != 0) continue;
            var second = new EngineStory(seed, Bug.NONE);
            assertEquals(first.simulation().hash(), second.simulation().hash(), "seed=" + seed);
        }
    }

    /// Each known bug must be found, or the suite could not have found it.
    @ParameterizedTest
    @EnumSource(value = Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldFindThePlantedBug(Bug bug) {
        String wrong = "";
        long seed = 0;
        for (; wrong.isEmpty() && seed < PLANTED_SEEDS; seed++) wrong = found(seed, bug);
        System.out.println(bug + " found at seed " + (seed - 1) + ": " + wrong);
        assertTrue(!wrong.isEmpty(), bug + " not found in " + seed + " seeds");
    }

    // A database that cannot even be opened to be looked at is a finding too.
    private static String found(long seed, Bug bug) {
        try {
            return new EngineStory(seed, bug).wrong();
        } catch (AssertionError unreadable) {
            return String.valueOf(unreadable.getMessage());
        }
    }
}
