package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.report.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Server after server under load is stopped in the middle of everything (SIGSTOP), taken over by
/// another process, and woken up (SIGCONT): it acknowledges nothing more, and the one that took
/// over is never taken for fenced. In the long suite every sleep is longer than the age at which a
/// collector, which runs meanwhile, removes what is not needed; several databases sleep at a time.
class ZombieTest {
    private static final int ZOMBIES = Integer.getInteger("zombie.count", 200);
    private static final int LANES = 5;
    private static final int LANE_MINUTES_MAX = 50;
    private static final int LONG_SLEEP_EVERY = 10;
    private static final Duration LONG_SLEEP = ZombieLane.MIN_AGE.plusSeconds(1);

    @TempDir Path folder;

    private final long seed = Long.getLong("zombie.seed", System.nanoTime());

    @Test
    @Tag("MAN-02")
    @Tag("SRV-04")
    void shouldAcknowledgeNothingAfterATakeOverOverTenZombies() throws IOException {
        System.out.println("zombie.seed=" + seed);
        try (var lane = new ZombieLane(folder, seed)) {
            for (int round = 1; round <= 10; round++) {
                boolean isLong = round % LONG_SLEEP_EVERY == 0;
                lane.takeOver(isLong ? LONG_SLEEP : Duration.ofMillis(round % 7 * 30));
            }
            assertWasLoaded(lane.finish(), 10);
        }
    }

    @Test
    @Tag("long")
    @Tag("MAN-02")
    @Tag("SRV-04")
    @Timeout(value = LANE_MINUTES_MAX + 5, unit = TimeUnit.MINUTES)
    void shouldAcknowledgeNothingAfterALongSleepOverTwoHundredZombies() throws Exception {
        System.out.println("zombie.seed=" + seed);
        ZombieLane.Count count = wakeInLanes();
        assertWasLoaded(count, ZOMBIES);
        Figures.record(
                "zombie writers woken after a take-over, 0 acknowledgements by them", ZOMBIES);
        Figures.record("of those, asleep for longer than the collector's least age", ZOMBIES);
        Figures.record(
                "writes acknowledged before those take-overs, none lost", count.acknowledged());
        Figures.record("objects collected meanwhile", count.collected());
    }

    private ZombieLane.Count wakeInLanes()
            throws InterruptedException, ExecutionException, TimeoutException {
        var count = new ZombieLane.Count(0, 0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ZombieLane.Count>> lanes = new ArrayList<>();
            for (int lane = 0; lane < LANES; lane++) lanes.add(threads.submit(lane(lane)));
            try {
                for (Future<ZombieLane.Count> lane : lanes)
                    count = count.plus(lane.get(LANE_MINUTES_MAX, TimeUnit.MINUTES));
            } finally {
                threads.shutdownNow();
            }
        }
        return count;
    }

    private Callable<ZombieLane.Count> lane(int number) {
        return () -> {
            Path own = Files.createDirectories(folder.resolve("lane" + number));
            try (var lane = new ZombieLane(own, seed + number)) {
                for (int round = number; round < ZOMBIES; round += LANES) lane.takeOver(LONG_SLEEP);
                return lane.finish();
            }
        };
    }

    private void assertWasLoaded(ZombieLane.Count count, int zombies) {
        assertTrue(zombies < count.acknowledged(), "zombie.seed=" + seed + " " + count);
        assertTrue(0 < count.collected(), "nothing was collected");
    }
}
