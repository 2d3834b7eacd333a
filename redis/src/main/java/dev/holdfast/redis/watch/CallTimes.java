package dev.holdfast.redis.watch;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicLongArray;

/// How long calls took, counted in classes of time of which each is at most one part in 128 wide.
/// Thread-safe.
///
/// Times from 1 ns to 1 s; what is longer counts as a second. So the figures are those that Redis
/// shows for the same times.
public final class CallTimes {
    private static final int FINE_BITS = 8; // below 2^8 every nanosecond is a class
    private static final int HALF = 1 << FINE_BITS - 1;
    private static final long NANOS_MAX = 1_000_000_000;
    private static final int CLASSES = classOf(NANOS_MAX) + 1;
    private static final long FIRST_BOUND = 1024;

    private final AtomicLongArray counts = new AtomicLongArray(CLASSES);

    /// Counts a call that took `nanos`.
    public void add(long nanos) {
        counts.incrementAndGet(classOf(Math.clamp(nanos, 1, NANOS_MAX)));
    }

    /// How many calls were counted.
    public long count() {
        long count = 0;
        for (int i = 0; i < CLASSES; i++) count += counts.get(i);
        return count;
    }

    /// The microseconds that `percent` of the calls did not exceed, with three digits behind the
    /// point.
    public String microsOf(double percent) {
        long wanted = Math.max(1, (long) (percent / 100 * count() + 0.5));
        long seen = 0;
        int last = 0;
        for (int i = 0; i < CLASSES && seen < wanted; i++) {
            seen += counts.get(i);
            last = i;
        }
        return String.format(Locale.ROOT, "%.3f", highestOf(last) / 1000.0);
    }

    /// How many calls took at most so many microseconds, in steps of powers of two: only those
    /// steps that hold any.
    SequencedMap<Long, Long> cumulative() {
        SequencedMap<Long, Long> found = new LinkedHashMap<>();
        long seen = 0;
        int next = 0;
        for (long bound = FIRST_BOUND; next < CLASSES; bound *= 2) {
            int last = Math.min(CLASSES - 1, bound < NANOS_MAX ? classOf(bound) : CLASSES - 1);
            long before = seen;
            for (; next <= last; next++) seen += counts.get(next);
            if (seen != before) found.put(highest(bound) / 1000, seen);
        }
        return found;
    }

    private static int classOf(long nanos) {
        int coarseness = coarseness(nanos);
        return coarseness * HALF + (int) (nanos >>> coarseness);
    }

    private static int coarseness(long nanos) {
        return Long.SIZE - Long.numberOfLeadingZeros(nanos | 2 * HALF - 1) - FINE_BITS;
    }

    private static long highestOf(int timeClass) {
        int coarseness = timeClass < 2 * HALF ? 0 : timeClass / HALF - 1;
        long within = timeClass - (long) coarseness * HALF;
        return (within + 1 << coarseness) - 1;
    }

    private static long highest(long nanos) {
        int coarseness = coarseness(nanos);
        return ((nanos >>> coarseness) + 1 << coarseness) - 1;
    }
}
