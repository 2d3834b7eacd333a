package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A database against a map, through many lives with settings drawn at random for each.
class EnginePropertyTest {
    static LongStream seeds() {
        return Seeds.fresh(10);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldEqualAMapThroughManyLives(long seed) {
        var store = new MemoryStore();
        var random = new Random(seed);
        var workload = new Workload(seed);
        for (int life = 0; life < 6; life++) {
            String where = "seed=" + seed + " life=" + life;
            try (HoldfastDb db = Engine.open(store, "a/b", RandomSettings.tiny(random).build())) {
                assertEquals(0, db.stats().walRecordsReplayed(), where);
                assertEquals("", workload.differenceFrom(db), where);
                assertTrue(workload.run(db, 200), where);
                assertEquals("", workload.differenceFrom(db), "at the end of " + where);
            }
            workload.acknowledgeAll();
        }
        FsckReport report = Engine.fsck(store, "a/b");
        assertTrue(report.isSound(), "seed=" + seed + " " + report.problems());
        assertEquals(java.util.List.of(), report.orphans(), "seed=" + seed);
    }
}
