package dev.holdfast.engine.transact;

import dev.holdfast.base.Bytes;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Ranges of keys that never overlap nor touch, in bounded memory.
///
/// Invariant: every key of every range that was added lies inside. Where there is no room for so
/// many, neighbours become one, with what lies between them. Not thread-safe.
final class KeyIntervals {
    private static final int INTERVAL_BYTES = 128; // what one takes besides its bounds, about

    // By their first keys; the empty key is less than any.
    private final TreeMap<Bytes, Interval> byStart = new TreeMap<>();
    private final long bytesMax;
    private long bytes;

    /// The keys from `start` on, up to but without `end`; null for no end.
    private record Interval(Bytes start, @Nullable Bytes end) {
        long bytes() {
            return INTERVAL_BYTES + start.length() + (end == null ? 0 : end.length());
        }

        boolean reaches(Bytes key) {
            return end == null || key.compareTo(end) <= 0;
        }

        Interval upTo(Interval other) {
            boolean isFarther = end == null || (other.end != null && other.end.compareTo(end) <= 0);
            return new Interval(start, isFarther ? end : other.end);
        }
    }

    /// @param bytesMax what they may hold together; one is always held, however long its bounds are
    KeyIntervals(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Adds the keys from `start` on, up to but without `end`; a null bound is open.
    void add(@Nullable Bytes start, @Nullable Bytes end) {
        Bytes first = start == null ? Bytes.EMPTY : start;
        if (end != null && end.compareTo(first) <= 0) return;
        var added = new Interval(copy(first), end == null ? null : copy(end));
        Map.Entry<Bytes, Interval> before = byStart.floorEntry(first);
        if (before != null && before.getValue().reaches(first)) {
            Interval joined = before.getValue().upTo(added);
            if (joined.equals(before.getValue())) return;
            remove(before.getValue());
            added = joined;
        }
        put(swallowed(added));
        while (bytesMax < bytes && 1 < byStart.size()) coarsen();
    }

    // The bounds alone, so that a few bytes do not keep what they were cut from.
    private static Bytes copy(Bytes bound) {
        return Bytes.copyOf(bound.array(), bound.offset(), bound.length());
    }

    // `added`, with all that it reaches.
    private Interval swallowed(Interval added) {
        Interval whole = added;
        Map.Entry<Bytes, Interval> next = byStart.ceilingEntry(whole.start());
        while (next != null && whole.reaches(next.getKey())) {
            whole = whole.upTo(next.getValue());
            remove(next.getValue());
            next = byStart.ceilingEntry(whole.start());
        }
        return whole;
    }

    // Each second one joins the one before it.
    private void coarsen() {
        Map.Entry<Bytes, Interval> left = byStart.firstEntry();
        while (left != null) {
            Map.Entry<Bytes, Interval> right = byStart.higherEntry(left.getKey());
            if (right == null) return;
            remove(left.getValue());
            remove(right.getValue());
            put(left.getValue().upTo(right.getValue()));
            left = byStart.higherEntry(right.getKey());
        }
    }

    private void put(Interval interval) {
        byStart.put(interval.start(), interval);
        bytes += interval.bytes();
    }

    private void remove(Interval interval) {
        byStart.remove(interval.start());
        bytes -= interval.bytes();
    }

    /// True if `key` lies in one of them.
    boolean contains(Bytes key) {
        Map.Entry<Bytes, Interval> before = byStart.floorEntry(key);
        if (before == null) return false;
        Bytes end = before.getValue().end();
        return end == null || key.compareTo(end) < 0;
    }

    /// True if there are none.
    boolean isEmpty() {
        return byStart.isEmpty();
    }

    /// How many there are.
    int count() {
        return byStart.size();
    }
}
