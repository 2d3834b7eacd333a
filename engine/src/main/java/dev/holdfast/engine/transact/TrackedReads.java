package dev.holdfast.engine.transact;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.view.ReadWitness;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one transaction has read: keys, ranges, and how new it was.
///
/// Invariant: every key whose writing could have changed an answer is in it, found or not. In
/// bounded memory: beyond it neighbouring keys are taken for one range. Not thread-safe.
final class TrackedReads implements ReadWitness {
    private static final int POINT_BYTES = 32; // a slot, with the free ones beside it
    private static final int SCANS_MAX = 256;

    private final IsolationLevel level;
    private final int pointsMax;
    private final KeyHashes points = new KeyHashes();
    private final KeyIntervals ranges;
    private final List<TrackedScan> scans = new ArrayList<>();
    private long observedSeq;

    TrackedReads(IsolationLevel level, long bytesMax) {
        this.level = level;
        pointsMax = (int) Math.min(1 << 26, bytesMax / 2 / POINT_BYTES);
        ranges = new KeyIntervals(bytesMax / 2);
    }

    @Override
    public void addKey(Bytes key) {
        if (level == IsolationLevel.SERIALIZABLE) mark(key);
    }

    /// `key` counts as read, at either level.
    void mark(Bytes key) {
        if (points.count() < pointsMax || points.contains(key)) points.add(key);
        else ranges.add(key, after(key));
    }

    /// The keys from `start` on, up to but without `end`, were read; a null bound is open.
    void addRange(@Nullable Bytes start, @Nullable Bytes end) {
        ranges.add(start, end);
    }

    /// The least key above `key`.
    static Bytes after(Bytes key) {
        byte[] longer = new byte[key.length() + 1];
        key.copyTo(longer, 0);
        return Bytes.wrap(longer);
    }

    @Override
    public void observe(long seq) {
        observedSeq = Math.max(observedSeq, seq);
    }

    /// The highest number of a commit that an answer depended on; 0 if none. Only where nothing was
    /// written: own writes have numbers above.
    long observedSeq() {
        return observedSeq;
    }

    /// `scan` has begun. Of too many that are never closed the rest counts as read to the end.
    void begun(TrackedScan scan) {
        if (level != IsolationLevel.SERIALIZABLE) return;
        if (scans.size() < SCANS_MAX) scans.add(scan);
        else scan.tellAll();
    }

    /// `scan` has told what it read, and reads no more.
    void ended(TrackedScan scan) {
        scans.remove(scan);
    }

    /// Has every open scan tell how far it has come.
    void gather() {
        scans.forEach(TrackedScan::tell);
    }

    /// True if the key of `length` bytes at `offset` of `array` was read. After [#gather].
    boolean contains(byte[] array, int offset, int length) {
        return points.contains(array, offset, length)
                || (!ranges.isEmpty() && ranges.contains(Bytes.wrap(array, offset, length)));
    }
}
