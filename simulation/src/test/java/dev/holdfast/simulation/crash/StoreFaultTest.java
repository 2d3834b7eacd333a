package dev.holdfast.simulation.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.store.Corruption;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import dev.holdfast.simulation.store.StoreTiming;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// The engine under each class of the store's faults by itself, under all together, and under
/// bodies that are wrong for good. `-Dstorefault.seed=7` tells one run again,
/// `-Dstorefault.seeds=100` tells more.
@Timeout(600)
class StoreFaultTest {
    private static final int SEEDS = Integer.getInteger("storefault.seeds", 3);

    private static final StoreTiming SLOW_TO_LIST =
            new StoreTiming(
                    Duration.ofMillis(20),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(600),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(60));

    /// What the engine gives no occasion for: it deletes nothing yet, and replaces no object.
    private static final Set<StoreFault> IDLE =
            EnumSet.of(StoreFault.DELETE_AMBIGUOUS, StoreFault.OLD_VERSION);

    @ParameterizedTest
    @EnumSource
    @Tag("OBJ-01")
    @Tag("OBJ-02")
    @Tag("OBJ-03")
    @Tag("OBJ-04")
    @Tag("OBJ-06")
    @Tag("OBJ-07")
    @Tag("OBJ-10")
    @Tag("OBJ-11")
    @Tag("OBJ-12")
    @Tag("OBJ-14")
    @Tag("OBJ-18")
    @Tag("OBJ-21")
    @Tag("OBJ-22")
    @Tag("OBJ-23")
    @Tag("MAN-04")
    void shouldKeepItsPromisesUnderEachClassOfFaults(StoreFault fault) {
        long struck = assertKept(often(fault), fault);
        assertTrue(0 < struck || IDLE.contains(fault), "never struck");
    }

    // What can strike only where a machine opens has to strike nearly always there.
    private static StoreFaults often(StoreFault fault) {
        return switch (fault) {
            case NO_ATTRIBUTES -> StoreFaults.only(fault, StoreFaults.OF);
            case STALE_LIST, DUPLICATE_LIST, LIST_FAILS ->
                    StoreFaults.only(fault, 5_000).at(SLOW_TO_LIST);
            default -> StoreFaults.only(fault, 15 * StoreFaults.usualRate(fault));
        };
    }

    /// Without attributes ownership is told by bytes, so these two meet.
    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"REPLY_LOST", "LATE", "BIT_FLIP", "TRUNCATED", "OTHER_OBJECT"})
    @Tag("OBJ-08")
    void shouldKeepThemWithoutAttributesToo(StoreFault fault) {
        StoreFaults faults =
                StoreFaults.only(fault, 1_000)
                        .with(StoreFault.REPLY_LOST, 1_500)
                        .with(StoreFault.NO_ATTRIBUTES, 5_000);
        assertKept(faults, fault);
    }

    @Test
    void shouldKeepThemUnderAllTogether() {
        assertKept(StoreFaults.every(), StoreFault.BUSY);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"BIT_FLIP", "TRUNCATED", "OTHER_OBJECT"})
    @Tag("OBJ-11")
    @Tag("OBJ-12")
    void shouldServeNothingWrongFromAStoreThatRots(StoreFault fault) {
        assertKept(StoreFaults.only(fault, 100).corrupting(Corruption.AT_REST), fault);
    }

    private static long assertKept(StoreFaults faults, StoreFault counted) {
        long struck = 0;
        for (long seed : CrashPointTest.seeds("storefault.seed", SEEDS)) {
            var story = new FaultStory(seed, faults);
            assertEquals("", story.run(), "seed=" + seed + " " + faults.rates());
            struck += story.store().struck().getOrDefault(counted, 0L);
        }
        return struck;
    }
}
