package dev.holdfast.system.disk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.report.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real process with its local log on a real file system loses power: what it acknowledged as
/// local is there, what is there is a prefix, and what the bucket was said to have it has.
@Tag("loop-disk")
class PowerCutTest {
    private static final int CUTS = Integer.getInteger("power.cuts", 500);

    @TempDir Path folder;

    @Test
    @Tag("LOC-02")
    @Tag("LOC-03")
    @Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldKeepWhatWasAcknowledgedWhenThePowerIsCut() throws Exception {
        var cuts = cut(16, Long.getLong("power.seed", 1));
        assertTrue(0 < cuts.withTails(), "no tail was ever needed: " + cuts);
    }

    @Test
    @Tag("long")
    @Tag("LOC-02")
    @Tag("LOC-03")
    @Timeout(value = 55 * 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldKeepItOverHundredsOfPowerCuts() throws Exception {
        var cuts = cut(CUTS, Long.getLong("power.seed", System.nanoTime()));
        Figures.record("power cuts of real disks, 0 LOCAL-acknowledged commits lost", cuts.cuts());
        Figures.record("of those, with a tail that only the disk had", cuts.withTails());
        Figures.record("commits acknowledged before those cuts", cuts.acknowledged());
    }

    private PowerCuts cut(int count, long seed) throws IOException, InterruptedException {
        System.out.println("power.seed=" + seed);
        try (LoopDisk around = SnapshotDisk.assumeAround(folder, 2048)) {
            Path images = Files.createDirectories(around.root().resolve("cuts"));
            var cuts = new PowerCuts(folder, images, seed);
            cuts.run(count, name -> SnapshotDisk.assume(around, name, 128));
            System.out.println(cuts);
            return cuts;
        }
    }
}
