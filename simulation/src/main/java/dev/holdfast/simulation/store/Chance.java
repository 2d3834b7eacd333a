package dev.holdfast.simulation.store;

import java.time.Duration;
import java.util.SplittableRandom;

/// Luck, from the seed of a run.
final class Chance {
    private static final long OF_THE_STORE = 0x73746f7265L; // not the stream of the scheduler

    private final SplittableRandom random;

    Chance(long seed) {
        random = new SplittableRandom(seed ^ OF_THE_STORE);
    }

    boolean strikes(int rate) {
        return 0 < rate && random.nextInt(StoreFaults.OF) < rate;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean coin() {
        return random.nextBoolean();
    }

    /// From nothing to `max`, each length as likely.
    Duration upTo(Duration max) {
        return Duration.ofNanos(1 + random.nextLong(max.toNanos()));
    }

    /// From a microsecond to `max`, each order of magnitude as likely.
    Duration ofAnyMagnitude(Duration max) {
        double exponent = random.nextDouble() * Math.log(Math.max(2, max.toNanos() / 1000.0));
        return Duration.ofNanos((long) (1000 * Math.exp(exponent)));
    }
}
