package dev.holdfast.bench.tier;

import java.util.Arrays;

/// Times of one thing, in nanoseconds. For one thread.
final class Samples {
    private long[] nanos = new long[1024];
    private int count;

    void add(long each) {
        if (count == nanos.length) nanos = Arrays.copyOf(nanos, 2 * count);
        nanos[count++] = each;
    }

    void clear() {
        count = 0;
    }

    /// That which a share of `at` stays below, 0 to 1.
    long quantile(double at) {
        if (count == 0) throw new IllegalStateException("nothing was measured");
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[(int) (at * (count - 1))];
    }
}
