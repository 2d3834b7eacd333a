package dev.holdfast.bench.growth;

import java.util.Locale;

/// A database that has grown so far.
///
/// @param rows that are there
/// @param putNanos that the put of a row took since the step before
/// @param processorNanos of the whole process for each of those rows, flushes and compactions too
/// @param gets of any of the rows
/// @param l0 tables of it
/// @param runs that are sorted
/// @param times how often each byte of a row has been written so far: log, tables and compactions
record Step(
        long rows,
        double putNanos,
        double processorNanos,
        Gets gets,
        int l0,
        int runs,
        double times) {

    /// What one of them takes.
    ///
    /// @param nanos that pass
    /// @param processorNanos of the thread that gets
    /// @param blocks that are read from the store
    record Gets(double nanos, double processorNanos, double blocks) {}

    double getNanos() {
        return gets.nanos();
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%,12d rows: put %,7.0f ns (%,7.0f ns of processor),"
                        + " get %,7.0f ns (%,7.0f ns of processor, %.2f blocks read),"
                        + " %d tables in L0, %d runs, each byte written %.2f times",
                rows,
                putNanos,
                processorNanos,
                gets.nanos(),
                gets.processorNanos(),
                gets.blocks(),
                l0,
                runs,
                times);
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "  [%d, %.0f, %.0f, %.0f, %.0f, %.3f, %d, %d, %.2f]",
                rows,
                putNanos,
                processorNanos,
                gets.nanos(),
                gets.processorNanos(),
                gets.blocks(),
                l0,
                runs,
                times);
    }
}
