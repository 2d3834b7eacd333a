package dev.holdfast.redis.bitmaps;

/// The bits from `first` to `last`, both included.
record BitRange(long first, long last) {
    /// The range from `start` to `end` of a string of `length` bytes. Both count units of `unit`
    /// bits, negative ones from the end.
    static BitRange of(long start, long end, long unit, int length) {
        long total = 8L * length / unit;
        long from = Math.max(0, start < 0 ? start + total : start);
        long to = Math.min(total - 1, Math.max(0, end < 0 ? end + total : end));
        return to < from ? new BitRange(0, -1) : new BitRange(from * unit, to * unit + unit - 1);
    }

    boolean isEmpty() {
        return last < first;
    }
}
