package dev.holdfast.simulation.mutant;

import java.util.List;
import java.util.stream.Stream;

/// Mistakes that transactions of this kind have been made with, planted into ours, and what tells
/// them; docs/operating/testing.md lists them.
final class TransactionMutants {
    /// Transactions on lists and a bank in a hostile world.
    static final String TRANSACTIONS = "simulation.transact.TransactionHistory";

    private static final String TAG = "transactions";
    private static final String BEHAVIOUR = "engine.transact.TransactionTest";
    private static final String PROPERTY = "engine.transact.TransactionPropertyTest";
    private static final String LIMITS = "engine.transact.TransactionLimitsTest";
    private static final String INTERVALS = "engine.transact.KeyIntervalsTest";
    private static final String SCAN = "engine.transact.TrackedScan";
    private static final String FOOTPRINT = "engine.transact.Footprint";
    private static final String READS = "engine.transact.TrackedReads";

    private TransactionMutants() {}

    /// All of them.
    static List<Mutant> all() {
        return Stream.of(reads(), own(), others()).flatMap(List::stream).toList();
    }

    private static Mutant of(String id, String mistake) {
        return Mutant.of(TAG, id, mistake);
    }

    private static List<Mutant> reads() {
        return List.of(
                of(
                                "range-without-rows-forgotten",
                                "A scan has read the rows that it yielded (SlateDB 1711).")
                        .replacing(SCAN, "case THE_END -> tellAll();", "case THE_END -> {}")
                        .foundBy(BEHAVIOUR),
                of("ranges-not-tracked", "What a scan has read is not told at all.")
                        .replacing(
                                SCAN, "if (!isTracked) return; switch", "if (true) return; switch")
                        .foundIn(TRANSACTIONS, 0),
                of("last-key-left-out", "A scan has read up to the last key shown, without it.")
                        .replacing(
                                SCAN,
                                "Bytes after = TrackedReads.after(key); reads.addRange",
                                "Bytes after = key; reads.addRange")
                        .foundBy(BEHAVIOUR),
                of("open-scans-forgotten", "Scans that were not closed have read nothing.")
                        .replacing(
                                READS,
                                "scans.forEach(TrackedScan::tell);",
                                "scans.forEach(_ -> {});")
                        .foundBy(PROPERTY),
                of("absent-keys-not-tracked", "A key that was got is tracked only in a range.")
                        .replacing(
                                READS, "if (level == IsolationLevel.SERIALIZABLE) mark(key);", "")
                        .foundIn(TRANSACTIONS, 0),
                of("neighbours-lost", "Of two ranges that become one the second is lost.")
                        .replacing(
                                "engine.transact.KeyIntervals",
                                "put(left.getValue().upTo(right.getValue()));",
                                "put(left.getValue());")
                        .foundBy(INTERVALS));
    }

    private static List<Mutant> own() {
        return List.of(
                of("own-writes-not-seen", "A get looks at the database alone.")
                        .replacing(
                                "engine.transact.OptimisticTransaction",
                                "Own own = writes.newest(key);",
                                "Own own = null;")
                        .foundBy(BEHAVIOUR),
                of("own-scan-sees-too-much", "A scan over own writes sees later commits too.")
                        .replacing(
                                "engine.transact.OptimisticTransaction",
                                "new OlderRows(rows, seq)",
                                "new OlderRows(rows, Long.MAX_VALUE)")
                        .foundIn(TRANSACTIONS, 0),
                of("scan-moves-with-writes", "An open scan shows what is written meanwhile.")
                        .replacing(
                                "engine.transact.OwnRows",
                                "if (numberMax < each.number()) continue;",
                                "")
                        .replacing(
                                "engine.transact.OwnRows",
                                "return seq + numberMax;",
                                "return Long.MAX_VALUE;")
                        .foundBy(BEHAVIOUR));
    }

    private static List<Mutant> others() {
        return List.of(
                of("writes-not-compared", "Two transactions that write one key both commit.")
                        .replacing(
                                FOOTPRINT,
                                "return writes.contains(array, offset, length) ||",
                                "return")
                        .foundBy(BEHAVIOUR),
                of("outrun-commits", "Who began before all that is kept commits all the same.")
                        .replacing(
                                FOOTPRINT,
                                "if (lease.began() == null) lost = OUTRUN.formatted(basis);",
                                "")
                        .foundBy(LIMITS),
                of("expired-commits", "A transaction that expires while it is committed commits.")
                        .replacing(FOOTPRINT, "if (lease.end() != null) throw lease.expired();", "")
                        .replacing(
                                FOOTPRINT,
                                "if (lease.began() == null) lost = OUTRUN.formatted(basis);",
                                "if (lease.began() == null && lease.end() == null)"
                                        + " lost = OUTRUN.formatted(basis);")
                        .foundIn(TRANSACTIONS, 11),
                of("nothing-expires", "Transactions that nobody closes stay open.")
                        .replacing(
                                "engine.transact.OpenTransactions",
                                "if (0 < left) return left; end(lease, Lease.End.EXPIRED);",
                                "if (0 < Long.MAX_VALUE) return left < 0 ? -1 : left;"
                                        + " end(lease, Lease.End.EXPIRED);")
                        .foundBy(LIMITS));
    }
}
