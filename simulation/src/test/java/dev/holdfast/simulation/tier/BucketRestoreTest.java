package dev.holdfast.simulation.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.disk.DiskFaults;
import dev.holdfast.simulation.tier.Death.After;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The disk may be lost at any moment: whatever the bucket holds then is a whole database, and
/// reaches every remote mark that was reported before.
@Timeout(300)
class BucketRestoreTest {
    private static final int SEEDS = 8;

    @Test
    @Tag("LOC-09")
    void shouldReachEveryRemoteMarkFromTheBucketAloneAtEveryPointOfARun() {
        int copies = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            var story =
                    new TierStory(
                            new Simulation(seed),
                            DiskFaults.none(),
                            List.of(
                                    Death.inPeace(After.KILL),
                                    Death.atDiskCall(90 + 10 * seed, After.POWER_CUT)));
            var taken = new BucketCopies();
            story.copyTo(taken);
            assertEquals("", story.run(), "seed=" + seed);
            taken.requireRestorable(story.ledger(), "seed=" + seed);
            copies += taken.count();
        }
        assertTrue(30 * SEEDS < copies, "copies " + copies);
    }
}
