package dev.holdfast.simulation.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The engine dies at every call to the store of scripted workloads, under a few schedules.
/// `-Dcrash.seed=7` tells one schedule again, `-Dcrash.script=tiny` the scripts whose names begin
/// so.
@Timeout(600)
class CrashPointTest {
    private static final long SCHEDULES = 1;
    private static final int PAIRS = 10;

    static List<Script> scripts() {
        String one = System.getProperty("crash.script");
        return Stream.of(Script.all())
                .filter(script -> one == null || script.name().startsWith(one))
                .toList();
    }

    /// Some that stay, and one that nobody has tried.
    static long[] seeds(long fixed) {
        return seeds("crash.seed", fixed);
    }

    /// The same, for those who call their seed otherwise.
    static long[] seeds(String property, long fixed) {
        Long one = Long.getLong(property);
        if (one != null) return new long[] {one};
        long fresh = Math.floorMod(System.nanoTime(), 1_000_000_000L);
        return LongStream.concat(LongStream.range(0, fixed), LongStream.of(fresh)).toArray();
    }

    @Test
    @Tag("WAL-01")
    @Tag("WAL-02")
    @Tag("OBJ-07")
    @Tag("CMP-01")
    @Tag("GC-04")
    void shouldKeepEveryAcknowledgedWriteWhereverTheMachineDies() {
        var tally = new CrashTally();
        for (long seed : seeds(SCHEDULES))
            for (Script script : scripts()) {
                var points = new CrashPoints(script, seed, tally);
                points.single();
                points.twice(PAIRS);
            }
        tally.assertAllIsWell();
    }

    @Test
    void shouldTellTheSameStoryTwice() {
        for (Script script : Script.all()) {
            CrashStory first = new CrashStory(script, 11, CrashPlan.none());
            CrashStory second = new CrashStory(script, 11, CrashPlan.none());
            assertEquals(first.run(), second.run());
            assertEquals(first.hash(), second.hash(), script.name());
        }
    }
}
