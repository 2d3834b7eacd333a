package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A database that is compacted while it is written.
@Timeout(120)
class CompactionTest {
    private static Settings settings(Style style, Random random) {
        var compaction =
                new CompactionSettings(
                        style,
                        2 + random.nextInt(3),
                        4 + random.nextInt(4),
                        1.5 + 3 * random.nextDouble(),
                        ByteSize.bytes(200 + random.nextInt(4_000)),
                        1 + random.nextInt(4),
                        1 + random.nextInt(3),
                        Duration.ofMillis(20),
                        CompactionSettings.Workers.defaults(),
                        Duration.ofMinutes(15));
        return RandomSettings.tiny(random).compaction(compaction).build();
    }

    @ParameterizedTest
    @EnumSource(names = {"TIERED", "LEVELED"})
    void shouldEqualAMapThroughManyLives(Style style) {
        Seeds.fresh(6)
                .forEach(seed -> {
                    try {
                        checkLives(style, seed);
                    } catch (InterruptedException interrupted) {
                        throw new AssertionError(interrupted);
                    }
                });
    }

    private void checkLives(Style style, long seed) throws InterruptedException {
        var store = new MemoryStore();
        var random = new Random(seed);
        var workload = new Workload(seed);
        int runsSeen = 0;
        for (int life = 0; life < 5; life++) {
            String where = style + " seed=" + seed + " life=" + life;
            try (HoldfastDb db = Engine.open(store, "db", settings(style, random))) {
                assertEquals("", workload.differenceFrom(db), where);
                for (int i = 0; i < 8; i++) {
                    assertTrue(workload.run(db, 40), where);
                    db.flushMemtables();
                    Env.system().sleep(Duration.ofMillis(random.nextInt(30)));
                    assertEquals("", workload.differenceFrom(db), where);
                    runsSeen = Math.max(runsSeen, db.stats().sortedRuns());
                }
            }
            workload.acknowledgeAll();
            FsckReport report = Engine.fsck(store, "db");
            assertTrue(report.isSound(), where + " " + report.problems());
        }
        assertTrue(0 < runsSeen, "nothing was compacted. seed=" + seed);
    }
}
