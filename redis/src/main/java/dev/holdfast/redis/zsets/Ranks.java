package dev.holdfast.redis.zsets;

/// The ranks from `first` to `last`, both included; negative ones count from the end.
record Ranks(long first, long last) {
    private static final Ranks NONE = new Ranks(0, -1);

    boolean isEmpty() {
        return last < first;
    }

    /// These ranks of `count` members, counted from the beginning.
    Ranks within(long count) {
        long from = Math.max(0, first < 0 ? first + count : first);
        long to = Math.min(count - 1, last < 0 ? last + count : last);
        return from <= to ? new Ranks(from, to) : NONE;
    }
}
