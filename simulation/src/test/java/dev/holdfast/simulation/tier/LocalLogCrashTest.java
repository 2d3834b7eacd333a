package dev.holdfast.simulation.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.Sometimes;
import dev.holdfast.simulation.disk.DiskFault;
import dev.holdfast.simulation.disk.DiskFaults;
import dev.holdfast.simulation.history.Seeds;
import dev.holdfast.simulation.store.CrashPoint;
import dev.holdfast.simulation.store.CrashPoint.Way;
import dev.holdfast.simulation.tier.Death.After;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A machine with a local log dies at every call to its disk and to its store, while it writes and
/// while it recovers: what was acknowledged as LOCAL is there while the disk is, what a remote mark
/// said is there without it, and what is there is a prefix.
@Timeout(600)
class LocalLogCrashTest {
    private static final int SEEDS = 60;
    private static final List<String> EXPECTED =
            List.of(
                    "tail replayed",
                    "kept aside",
                    "power cut",
                    "other writer",
                    "asked for a word",
                    "stopped in haste",
                    "tables taken over",
                    "table damaged",
                    "table lost",
                    "object damaged",
                    "disk FORCE_FAILS",
                    "disk BYTES_LOST",
                    "disk BYTES_TORN");
    private static final Sometimes SOMETIMES = new Sometimes(EXPECTED.toArray(String[]::new));

    private static long points;
    private static long acknowledged;

    @AfterAll
    static void shouldHaveMetWhatMatters() {
        System.out.printf(
                "local log: %d deaths enumerated, %d writes acknowledged as LOCAL found again,"
                        + " %s%n",
                points, acknowledged, SOMETIMES);
    }

    private static TierStory told(long seed, List<Death> deaths) {
        return told(new TierStory(new Simulation(seed), DiskFaults.none(), deaths), deaths);
    }

    // Each writer has a segment of its own.
    private static TierStory cut(long seed, List<Death> deaths) {
        var byWriter = SegmentRules.by(PrefixExtractor.until((byte) ' '));
        var story = new TierStory(new Simulation(seed), DiskFaults.none(), deaths);
        return told(story.cutBy(byWriter), deaths);
    }

    private static TierStory told(TierStory story, List<Death> deaths) {
        long seed = story.simulation().seed();
        assertEquals("", story.run(), "seed=" + seed + " " + deaths);
        acknowledged += story.ledger().acknowledgedLocal();
        points++;
        return story;
    }

    @Test
    @Tag("LOC-02")
    @Tag("LOC-03")
    @Tag("LOC-04")
    @Tag("WAL-04")
    void shouldKeepWhatWasAcknowledgedWhicheverCallToTheDiskItDiesAt() {
        int call = 0;
        for (boolean hasDied = true; hasDied; call++) {
            After after = call % 2 == 0 ? After.POWER_CUT : After.KILL;
            hasDied = told(call, List.of(Death.atDiskCall(call, after))).hasDied(0);
        }
        assertTrue(60 < call, "calls: " + call);
    }

    @Test
    @Tag("LOC-03")
    void shouldKeepItInADirectoryThatALifeBeforeMadeAndDiedIn() {
        for (long seed = 0; seed < 8; seed++)
            for (int call = 0; call < 8; call++) {
                Death making = Death.atDiskCall(call, After.KILL);
                told(seed, List.of(making, Death.inPeace(After.POWER_CUT)));
            }
    }

    @Test
    void shouldKeepItWhicheverCallOfTheRecoveryItDiesAt() {
        for (long seed = 0; seed < 2; seed++) {
            for (int call = 0; call < 90; call++) {
                After after = call % 2 == seed ? After.POWER_CUT : After.KILL;
                told(
                        seed,
                        List.of(
                                Death.atDiskCall(60 + 20 * seed, After.KILL),
                                Death.atDiskCall(call, after)));
            }
        }
    }

    @Test
    @Tag("LOC-08")
    void shouldKeepItWhicheverCallToTheStoreItDiesAt() {
        int calls = told(3, List.of(Death.inPeace(After.KILL))).storeCalls(0);
        for (int call = 0; call < Math.min(calls, 40); call++)
            for (Way way : List.of(Way.BEFORE, Way.APPLIED, Way.LATE)) {
                var point = new CrashPoint(call, way);
                told(3, List.of(Death.atStoreCall(point, After.POWER_CUT)));
                told(
                        4,
                        List.of(
                                Death.atDiskCall(70, After.POWER_CUT),
                                Death.atStoreCall(point, After.KILL)));
            }
    }

    @Test
    void shouldKeepSegmentsWhicheverCallToTheDiskItDiesAt() {
        int call = 0;
        for (boolean hasDied = true; hasDied; call++) {
            After after = call % 2 == 0 ? After.POWER_CUT : After.KILL;
            hasDied = cut(call, List.of(Death.atDiskCall(call, after))).hasDied(0);
        }
        assertTrue(60 < call, "calls: " + call);
    }

    @Test
    void shouldKeepSegmentsWhicheverCallToTheStoreItDiesAt() {
        int calls = cut(3, List.of(Death.inPeace(After.KILL))).storeCalls(0);
        for (int call = 0; call < Math.min(calls, 60); call++)
            for (Way way : List.of(Way.BEFORE, Way.APPLIED, Way.LATE)) {
                Death death = Death.atStoreCall(new CrashPoint(call, way), After.KILL);
                cut(call % 5, List.of(Death.atDiskCall(70, After.POWER_CUT), death));
            }
    }

    @Test
    void shouldHealTablesOfSegments() {
        var sometimes = new Sometimes("table damaged", "table lost", "object damaged");
        for (long seed = 0; seed < 32; seed++) {
            Death first = Death.inPeace(After.TABLE_DAMAGED);
            sometimes.add(cut(seed, List.of(first, Death.inPeace(After.KILL))).simulation());
        }
        sometimes.mustHaveHappenedIn(0);
    }

    @Test
    @Tag("LOC-13")
    void shouldHealTablesThatAreDamagedHereOrThere() {
        var sometimes = new Sometimes("table damaged", "table lost", "object damaged");
        for (long seed = 0; seed < 24; seed++) {
            Death first = Death.inPeace(After.TABLE_DAMAGED);
            TierStory story = told(seed, List.of(first, Death.inPeace(After.KILL)));
            sometimes.add(story.simulation());
        }
        sometimes.mustHaveHappenedIn(0);
    }

    @Test
    @Tag("LOC-05")
    void shouldNotBelieveWhatTheDiskGivesWrongOnce() {
        List<DiskFault> wrong =
                List.of(DiskFault.STALE_SECTOR, DiskFault.MISDIRECTED_SECTOR, DiskFault.BIT_FLIP);
        long struck = 0;
        for (long seed = 0; seed < 30; seed++) {
            DiskFault fault = wrong.get((int) seed % wrong.size());
            var story =
                    new TierStory(
                            new Simulation(seed),
                            DiskFaults.only(fault, 1500).withSector(512),
                            List.of(
                                    Death.atDiskCall(80 + seed, After.KILL),
                                    Death.inPeace(After.KILL)));
            assertEquals("", story.run(), "seed=" + seed + " " + fault);
            struck += story.disk().struck().getOrDefault(fault, 0L);
        }
        assertTrue(15 < struck, "struck " + struck);
    }

    @Test
    @Tag("LOC-01")
    @Tag("LOC-06")
    @Tag("LOC-07")
    @Tag("LOC-09")
    @Tag("LOC-10")
    @Tag("WAL-07")
    void shouldKeepItInWorldsThatAreDrawn() {
        var history = new TierHistory();
        for (long seed : Seeds.of("local-log", SEEDS).toArray()) {
            var simulation = new Simulation(seed);
            history.run(simulation);
            SOMETIMES.add(simulation);
        }
        if (Seeds.isOneAlone()) return;
        SOMETIMES.mustHaveHappenedIn(0);
    }
}
