package dev.holdfast.engine.wal;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The commits that are not in the log yet, in the segments that they will be put in, oldest first.
///
/// Not thread-safe.
final class WalBacklog {
    private final ArrayDeque<WalSegment> sealed = new ArrayDeque<>();
    private @Nullable WalSegment open;
    private long commitsElided;

    boolean isEmpty() {
        return open == null && sealed.isEmpty();
    }

    /// The one that takes the next commit; null if there is none.
    @Nullable WalSegment open() {
        return open;
    }

    void begin(WalSegment next) {
        open = next;
    }

    /// How many take no more commits.
    int sealed() {
        return sealed.size();
    }

    /// The next commit begins a segment of its own. False if it does so anyway.
    boolean seal() {
        if (open == null) return false;
        sealed.add(open);
        open = null;
        return true;
    }

    /// The one that is put next; null if there is none.
    @Nullable WalSegment oldest() {
        return sealed.isEmpty() ? open : sealed.peek();
    }

    /// Takes that one, which is sealed.
    WalSegment take() {
        return sealed.remove();
    }

    /// True if it does not follow on `seq`: what lies between is in tables on this machine alone.
    boolean hasGapBehind(long seq) {
        WalSegment oldest = oldest();
        return oldest != null && seq + 1 < oldest.firstSeq();
    }

    /// Drops the sealed ones with nothing behind `seq`, but for the newest `least`. Returns how
    /// much memory they held.
    long dropUpTo(long seq, int least) {
        long freed = 0;
        while (least < sealed.size() && sealed.peek().lastSeq() <= seq) {
            WalSegment each = sealed.remove();
            each.drop();
            freed += elided(each);
        }
        return freed;
    }

    /// `segment` is not put, as its commits are in the store. Returns how much memory it held.
    long elided(WalSegment segment) {
        commitsElided += segment.lastSeq() - segment.firstSeq() + 1;
        return segment.bytes();
    }

    /// How many commits were never put.
    long commitsElided() {
        return commitsElided;
    }
}
