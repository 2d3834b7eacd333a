package dev.holdfast.app.survey;

import dev.holdfast.engine.api.Settings;

/// What requests a database makes in the end, estimated from its settings and the shape of its
/// tree.
///
/// @param puts of log objects, of tables and of manifests that name them, where writes come in a
///   stream and wait for nothing
/// @param gets by compactions, which read what they merge and read back what they have made
/// @param bytes that are sent
record RequestEstimate(long puts, long gets, long bytes) {
    /// The requests of one collection of garbage, of which one follows on many changes.
    static final int LISTS_OF_A_COLLECTION = 5;

    private static final double PIECE_BYTES = 512 << 10; // that compactions ask for at once
    private static final double TABLE_GETS = 2; // its end and its index, before the pieces
    private static final double MANIFEST_PUTS = 1; // for each table of L0
    private static final double STATE_PUTS = 2; // for each table of a compaction
    private static final double FALSE_POSITIVES = 0.01;
    private static final double LOG_AND_L0 = 2; // how often each byte is written, at least

    /// What `bytes` of rows take.
    ///
    /// @param times how often each byte is written: to the log, to L0, by compactions
    static RequestEstimate of(Settings settings, double times, long bytes) {
        double merged = Math.max(0, times - LOG_AND_L0) * bytes;
        double l0 = bytes / (double) settings.l0SstSize().bytes();
        double tables = merged / settings.compaction().tableSize().bytes();
        double puts =
                bytes / (double) settings.walSizeMax().bytes()
                        + (1 + MANIFEST_PUTS) * l0
                        + (1 + STATE_PUTS) * tables;
        double gets = 2 * merged / PIECE_BYTES + TABLE_GETS * (l0 + 2 * tables);
        return new RequestEstimate(Math.round(puts), Math.round(gets), Math.round(times * bytes));
    }

    /// The requests of so many lookups of what lies in no cache, while indexes and filters do: a
    /// block each, and one more where the filter of another table errs.
    ///
    /// @param tables that a lookup may have to look at
    static long getsOf(long lookups, int tables) {
        return Math.round(lookups * (1 + FALSE_POSITIVES * Math.max(0, tables - 1)));
    }
}
