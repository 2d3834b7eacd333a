package dev.holdfast.simulation.history;

import dev.holdfast.base.Adapter;
import dev.holdfast.simulation.history.FailedSeeds.FailedSeed;
import java.util.stream.LongStream;

/// The seeds that a suite runs: those of the past that failed, the first ones, and some that nobody
/// has seen yet.
///
/// `-Dseed=7` runs that one alone; `-Dsimulation.seeds=1000` says how many first ones there are.
public final class Seeds {
    private static final int FRESH_SHARE = 5;
    private static final long FRESH_MAX = 1_000_000_000L;

    private Seeds() {}

    /// The seeds for the suite of that name: of the history, if it tells one.
    ///
    /// @param usual how many first ones there are, unless the command line says otherwise
    public static LongStream of(String suite, int usual) {
        if (isOneAlone()) return known(suite, usual);
        int count = Integer.getInteger("simulation.seeds", usual);
        long fresh = anyNumber();
        LongStream unseen = LongStream.range(fresh, fresh + count / FRESH_SHARE);
        return LongStream.concat(known(suite, usual), unseen).distinct();
    }

    /// The same without those that nobody has seen yet.
    public static LongStream known(String suite, int usual) {
        String one = System.getProperty("seed");
        if (one != null) return LongStream.of(Long.parseLong(one));
        LongStream failed =
                FailedSeeds.all().stream()
                        .filter(each -> each.history().equals(suite))
                        .mapToLong(FailedSeed::seed);
        LongStream first = LongStream.range(0, Integer.getInteger("simulation.seeds", usual));
        return LongStream.concat(failed, first).distinct();
    }

    /// True if the command line asks for one run alone, so that nothing can be said of many.
    public static boolean isOneAlone() {
        return System.getProperty("seed") != null;
    }

    @Adapter("seeds that nobody has seen yet are drawn from the clock")
    private static long anyNumber() {
        return System.nanoTime() % FRESH_MAX;
    }
}
