package dev.holdfast.bench.growth;

import java.util.Locale;

/// A database that has grown so far.
///
/// @param rows that are there
/// @param putNanos that the put of a row took since the step before
/// @param processorNanos of the whole process for each of those rows, flushes and compactions too
/// @param getNanos that a get takes
/// @param l0 tables of it
/// @param runs that are sorted
/// @param times how often each byte of a row has been written so far: log, tables and compactions
record Step(
        long rows,
        double putNanos,
        double processorNanos,
        double getNanos,
        int l0,
        int runs,
        double times) {
    String line() {
        return String.format(
                Locale.ROOT,
                "%,12d rows: put %,7.0f ns (%,7.0f ns of processor), get %,7.0f ns,"
                        + " %d tables in L0, %d runs, each byte written %.2f times",
                rows,
                putNanos,
                processorNanos,
                getNanos,
                l0,
                runs,
                times);
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "  [%d, %.0f, %.0f, %.0f, %d, %d, %.2f]",
                rows,
                putNanos,
                processorNanos,
                getNanos,
                l0,
                runs,
                times);
    }
}
