package dev.holdfast.redis.hyperloglogs;

/// How many different elements registers tell of: Otmar Ertl's estimator, "New cardinality
/// estimation algorithms for HyperLogLog sketches", algorithm 6.
final class LogLogCount {
    /// How many bits of a hash a run of zeros is looked for in.
    static final int RUN_MAX = 50;

    private static final double ALPHA = 0.721347520444481703680;

    private LogLogCount() {}

    static long of(byte[] registers) {
        int[] histogram = new int[64];
        for (byte register : registers) histogram[register]++;
        double count = registers.length;
        double z = count * tau((count - histogram[RUN_MAX + 1]) / count);
        for (int i = RUN_MAX; 1 <= i; i--) z = (z + histogram[i]) * 0.5;
        z += count * sigma(histogram[0] / count);
        return (long) Math.floor(ALPHA * count * count / z + 0.5);
    }

    private static double sigma(double share) {
        if (share == 1) return Double.POSITIVE_INFINITY;
        double x = share;
        double y = 1;
        double z = x;
        double before;
        do {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        } while (before != z);
        return z;
    }

    private static double tau(double share) {
        if (share == 0 || share == 1) return 0;
        double x = share;
        double y = 1;
        double z = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        } while (before != z);
        return z / 3;
    }
}
