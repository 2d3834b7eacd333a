package dev.holdfast.bench.engine;

/// What Holdfast's figure is to be, as a multiple of a peer's.
///
/// @param peer by name
/// @param metric that is compared
/// @param sense whether more or less is better
/// @param times the multiple
/// @param plus what the multiple may be exceeded by, in the metric's unit
/// @param enough a figure that is good whatever the peer's is
record Bound(String peer, Metric metric, Sense sense, double times, double plus, double enough) {
    enum Sense {
        AT_LEAST("at least"),
        AT_MOST("at most");

        private final String words;

        Sense(String words) {
            this.words = words;
        }
    }

    static Bound atLeast(String peer, Metric metric, double times) {
        return new Bound(peer, metric, Sense.AT_LEAST, times, 0, Double.MAX_VALUE);
    }

    static Bound atMost(String peer, Metric metric, double times) {
        return new Bound(peer, metric, Sense.AT_MOST, times, 0, 0);
    }

    /// The same, but the multiple may be exceeded by so much.
    Bound plus(double more) {
        return new Bound(peer, metric, sense, times, more, enough);
    }

    /// The same, but a figure up to `enough` is good whatever the peer's is.
    Bound orBelow(double figure) {
        return new Bound(peer, metric, sense, times, plus, figure);
    }

    boolean isMetBy(double ours, double theirs) {
        return sense == Sense.AT_LEAST
                ? times * theirs <= ours
                : ours <= Math.max(enough, times * theirs + plus);
    }

    @Override
    public String toString() {
        String words = sense.words + " " + times;
        if (0 < plus) words += " and %,.0f more".formatted(plus);
        if (sense == Sense.AT_MOST && 0 < enough) words += " or %,.0f".formatted(enough);
        return words;
    }
}
