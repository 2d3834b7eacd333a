package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every snapshot shows of the whole database hashes to the same before and after every
/// compaction that the compactor publishes, whatever the tables hold: versions, operands,
/// tombstones, rows that have expired.
class CompactionHashTest {
    @Test
    @Timeout(120)
    @Tag("CMP-03")
    void shouldShowTheSameBeforeAndAfterEveryCompaction() throws InterruptedException {
        compact(300);
    }

    @Test
    @Timeout(1800)
    @Tag("long")
    @Tag("CMP-03")
    void shouldShowTheSameBeforeAndAfterTenThousandCompactions() throws InterruptedException {
        compact(10_000);
    }

    private static void compact(int count) throws InterruptedException {
        long first = Long.getLong("test.seed", new Random().nextLong());
        var total = new CompactedStory.Count();
        for (long seed = first; total.compactions() < count; seed++) {
            var story = new CompactedStory(seed);
            for (int round = 0; round < 8; round++) {
                story.writeTables();
                story.compact();
                assertEquals("", story.failure(), "seed=" + seed + " round=" + round);
            }
            total = total.plus(story.count());
            if (Long.getLong("test.seed") != null) return;
        }
        System.out.println("from seed " + first + ": " + total);
        assertTrue(total.compactions() < total.snapshots(), "no snapshot was alive: " + total);
    }
}
