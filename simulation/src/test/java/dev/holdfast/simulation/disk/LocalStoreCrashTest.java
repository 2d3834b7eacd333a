package dev.holdfast.simulation.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.disk.PlantedDisk.Bug;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The power is cut at every call that a local store makes to its disk: what it acknowledged is
/// there whole, what it did not is whole or not there.
class LocalStoreCrashTest {
    private static final int FORTUNES = 12;
    private static final int FAULTY_SEEDS = 400;

    @Test
    void shouldKeepWhatWasAcknowledgedWhicheverCallThePowerIsCutAt() {
        long cuts = 0;
        int call = 0;
        Map<DiskFault, Long> struck = new EnumMap<>(DiskFault.class);
        for (boolean wasTold = false; !wasTold; call++) {
            for (long seed = 0; seed < FORTUNES; seed++) {
                // given
                var story = new StoreStory(seed, DiskFaults.none(), Bug.NONE);
                wasTold = story.live(call);
                // when
                String wrong = story.cutAndLook();
                // then
                assertEquals("", wrong, "seed=" + seed + " call=" + call);
                story.disk()
                        .struck()
                        .forEach((each, count) -> struck.merge(each, count, Long::sum));
                cuts++;
            }
        }
        System.out.printf(
                "local store: power cut at each of %d calls to the disk, %d cuts, %s%n",
                call, cuts, struck);
        assertTrue(100 < call, "calls: " + call);
        assertTrue(
                struck.keySet()
                        .containsAll(
                                Set.of(
                                        DiskFault.BYTES_LOST,
                                        DiskFault.BYTES_TORN,
                                        DiskFault.NAME_LOST,
                                        DiskFault.ATTRIBUTE_LOST)),
                struck.toString());
    }

    @Test
    void shouldKeepWhatItsSuccessorAcknowledgedWhicheverCallItIsKilledAt() {
        int call = 0;
        for (boolean wasTold = false; !wasTold; call++) {
            for (long seed = 0; seed < FORTUNES; seed++) {
                // given: a process killed with its machine alive, and another that goes on
                var story = new StoreStory(seed, DiskFaults.none(), Bug.NONE);
                wasTold = story.live(call);
                story.live(Long.MAX_VALUE);
                // when
                String wrong = story.cutAndLook();
                // then
                assertEquals("", wrong, "seed=" + seed + " call=" + call);
            }
        }
        System.out.printf("local store: killed at each of %d calls, succeeded, cut%n", call);
    }

    @Test
    void shouldKeepWhatWasAcknowledgedWhateverTheDiskDoesBeforeTheCut() {
        long acknowledged = 0;
        long faults = 0;
        for (long seed = 0; seed < FAULTY_SEEDS; seed++) {
            var story = faulty(seed, Bug.NONE);
            assertEquals("", story.cutAndLook(), "seed=" + seed);
            acknowledged += story.acknowledged();
            faults += story.disk().struck().values().stream().mapToLong(Long::longValue).sum();
        }
        System.out.printf(
                "local store on bad disks: %d acknowledged, %d faults%n", acknowledged, faults);
        assertTrue(FAULTY_SEEDS < acknowledged && FAULTY_SEEDS < faults);
    }

    /// Each known bug must be found, or the suite could not have found it.
    @ParameterizedTest
    @EnumSource(value = Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldFindThePlantedBug(Bug bug) {
        String wrong = "";
        long seed = 0;
        for (; wrong.isEmpty() && seed < FAULTY_SEEDS; seed++)
            wrong = faulty(seed, bug).cutAndLook();
        System.out.println(bug + " found at seed " + (seed - 1) + ": " + wrong);
        assertNotEquals("", wrong, bug + " not found in " + seed + " seeds");
    }

    private static StoreStory faulty(long seed, Bug bug) {
        var chance = new SplittableRandom(seed);
        DiskFaults faults = DiskFaults.none();
        if (seed % 3 != 0)
            faults =
                    DiskFaults.drawn(chance)
                            .with(DiskFault.FORCE_FAILS, 300)
                            .with(DiskFault.NAMES_FORCE_FAILS, 300);
        var story = new StoreStory(seed, faults, bug);
        story.live(seed % 4 == 0 ? Long.MAX_VALUE : chance.nextInt(300));
        return story;
    }
}
