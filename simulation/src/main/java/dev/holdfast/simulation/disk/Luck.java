package dev.holdfast.simulation.disk;

import dev.holdfast.simulation.Simulation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// What a disk's fortune is, from the seed of a run, and what it has been so far.
final class Luck {
    private static final long OF_THE_DISK = 0x6469736bL; // not the stream of the scheduler

    private final Simulation simulation;
    private final SplittableRandom random;
    private final Map<DiskFault, Long> struck = new EnumMap<>(DiskFault.class);

    Luck(Simulation simulation) {
        this.simulation = simulation;
        random = new SplittableRandom(simulation.seed() ^ OF_THE_DISK);
    }

    /// True, and counted, if `fault` strikes now.
    boolean strikes(DiskFault fault, DiskFaults faults) {
        int rate = faults.rate(fault);
        boolean strikes = 0 < rate && random.nextInt(DiskFaults.OF) < rate;
        if (strikes) count(fault);
        return strikes;
    }

    void count(DiskFault fault) {
        struck.merge(fault, 1L, Long::sum);
        simulation.reached("disk " + fault);
    }

    boolean coin() {
        return random.nextBoolean();
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    Duration upTo(Duration max) {
        return Duration.ofNanos(1 + random.nextLong(max.toNanos()));
    }

    RandomGenerator source() {
        return random;
    }

    Map<DiskFault, Long> struck() {
        return struck;
    }
}
