package dev.holdfast.bench.peer;

/// Draws numbers below a bound, the lower the more often: number n about 1 / (n + 1)^0.99 times as
/// often as 0. After Gray et al., Quickly generating billion-record synthetic databases. Immutable.
final class Zipf {
    private static final double THETA = 0.99;
    private static final double ALPHA = 1 / (1 - THETA);

    private final long below;
    private final double zeta;
    private final double eta;

    Zipf(long below) {
        this.below = below;
        double sum = 0;
        for (long i = 1; i <= below; i++) sum += Math.pow(i, -THETA);
        zeta = sum;
        double two = 1 + Math.pow(2, -THETA);
        eta = (1 - Math.pow(2.0 / below, 1 - THETA)) / (1 - two / zeta);
    }

    /// The number that belongs to `chance`, which is drawn evenly from [0, 1).
    long at(double chance) {
        double share = chance * zeta;
        if (share < 1) return 0;
        if (share < 1 + Math.pow(2, -THETA)) return Math.min(1, below - 1);
        return Math.min(below - 1, (long) (below * Math.pow(eta * chance - eta + 1, ALPHA)));
    }
}
