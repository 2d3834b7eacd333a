package dev.holdfast.bench.tier;

/// Prints what was measured beside what it is measured by, and whether it keeps its bound. For one
/// thread.
final class Verdicts {
    private boolean areAllMet = true;

    Verdicts() {
        System.out.printf("%-36s %12s %12s %8s%n", "", "by itself", "Holdfast", "times");
    }

    /// Times in nanoseconds: ours is at most `times` the other.
    void atMost(String what, long other, long ours, double times) {
        double ratio = (double) ours / other;
        String figures = "%,9.1f us %,9.1f us %8.2f".formatted(other / 1e3, ours / 1e3, ratio);
        String bound = times == Double.MAX_VALUE ? "" : "at most " + times;
        print(what, figures, bound + missed(ratio - times));
    }

    /// Amounts: ours is at least `share` of the other.
    void atLeast(String what, double other, double ours, double share) {
        double ratio = ours / other;
        String figures = "%,12.0f %,12.0f %8.2f".formatted(other, ours, ratio);
        print(what, figures, "at least " + share + missed(share - ratio));
    }

    /// How often something happened: at most `most` times.
    void count(String what, long ours, long most) {
        String figures = "%12s %,12d %8s".formatted("", ours, "");
        print(what, figures, "at most " + most + missed(ours - most));
    }

    private String missed(double by) {
        if (by <= 0) return "";
        areAllMet = false;
        return "  MISSED";
    }

    private static void print(String what, String figures, String verdict) {
        System.out.printf("%-36s %s  %s%n", what, figures, verdict);
    }

    boolean areAllMet() {
        return areAllMet;
    }
}
