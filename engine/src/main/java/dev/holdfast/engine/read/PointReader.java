package dev.holdfast.engine.read;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.ReadView.OutOfReach;
import dev.holdfast.engine.api.Reads.Row;
import dev.holdfast.engine.iter.MergeOperands;
import dev.holdfast.engine.iter.RowStamp;
import dev.holdfast.engine.iter.Visibility;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.Reach;
import dev.holdfast.engine.table.RunReader;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.ReadWitness;
import dev.holdfast.format.filter.SipHash;
import dev.holdfast.format.row.FoundRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks one key up in a view, newest source first.
///
/// Thread-safe. A lookup that ends at a plain value allocates the value and nothing else.
public final class PointReader {
    // A larger value takes long to copy.
    private static final int AT_HAND_BYTES_MAX = 64 * 1024;

    private final Env env;
    private final @Nullable MergeOperator operator;
    private final FoundRows spare = new FoundRows();

    /// How operands are brought together.
    ///
    /// @param stamp is told of all that had a part in it; null if nobody asks
    private record Merging(long nowMillis, @Nullable RowStamp stamp, Reach reach) {}

    public PointReader(Env env, @Nullable MergeOperator operator) {
        this.env = env;
        this.operator = operator;
    }

    /// The value of `key` in `view` as of `seqMax`, or null if there is none. What it read is told
    /// to `reads`, if given. Throws `Invalid` for a key that no row can have.
    public @Nullable Bytes get(LsmView view, Bytes key, long seqMax, @Nullable ReadWitness reads) {
        return get(view, key, seqMax, reads, Reach.STORE);
    }

    /// The same, but throws [OutOfReach] where the store would have to be asked.
    @Nullable Bytes getAtHand(LsmView view, Bytes key, long seqMax, ReadWitness reads) {
        return get(view, key, seqMax, reads, Reach.MEMORY);
    }

    private @Nullable Bytes get(
            LsmView view, Bytes key, long seqMax, @Nullable ReadWitness reads, Reach reach) {
        KeyRules.require(key);
        if (reads != null) reads.addKey(key);
        FoundRow row = spare.take();
        try {
            if (!find(view, key, seqMax, row, reach)) return null;
            if (reads != null) reads.observe(row.seq());
            if (row.isMerge())
                return merged(view, key, row, new Merging(env.currentTimeMillis(), null, reach));
            return isHidden(row) ? null : valueOf(row, reach);
        } finally {
            spare.give(row);
        }
    }

    /// The pair of `key` in `view` that `visibility` lets show, or null if there is none. What it
    /// read is told to `reads`, if given. Throws `Invalid` for a key that no row can have.
    public @Nullable Row row(
            LsmView view, Bytes key, Visibility visibility, @Nullable ReadWitness reads) {
        KeyRules.require(key);
        FoundRow row = spare.take();
        try {
            if (reads != null) reads.addKey(key);
            if (!find(view, key, visibility.seqMax(), row)) return null;
            if (reads != null) reads.observe(row.seq());
            var stamp = new RowStamp();
            if (row.isMerge()) {
                var how = new Merging(visibility.nowMillis(), stamp, Reach.STORE);
                Bytes merged = merged(view, key, row, how);
                return merged == null ? null : Pairs.row(key, merged, stamp);
            }
            if (row.isTombstone() || row.isExpiredAt(visibility.nowMillis())) return null;
            addTo(stamp, row);
            return Pairs.row(key, valueOf(row), stamp);
        } finally {
            spare.give(row);
        }
    }

    /// Fills `found` with the newest row of `key` in `view` as of `seqMax`, a tombstone too, and
    /// tells whether there is one.
    public boolean newest(LsmView view, Bytes key, long seqMax, FoundRow found) {
        KeyRules.require(key);
        return find(view, key, seqMax, found);
    }

    private boolean isHidden(FoundRow row) {
        return row.isTombstone() || (row.hasExpiry() && row.isExpiredAt(env.currentTimeMillis()));
    }

    private static Bytes valueOf(FoundRow row, Reach reach) {
        if (reach == Reach.MEMORY && AT_HAND_BYTES_MAX < row.valueLength()) throw new OutOfReach();
        return valueOf(row);
    }

    // A copy: a value of a few bytes must not keep its block in memory.
    private static Bytes valueOf(FoundRow row) {
        return Bytes.copyOf(row.valueArray(), row.valueOffset(), row.valueLength());
    }

    // `row` is the newest one, an operand. Older versions are looked up one after the other.
    private @Nullable Bytes merged(LsmView view, Bytes key, FoundRow row, Merging how) {
        long nowMillis = how.nowMillis;
        RowStamp stamp = how.stamp;
        Reach reach = how.reach;
        var operands = new MergeOperands(operator, key);
        boolean hasOlder = true;
        for (; hasOlder && row.isMerge(); hasOlder = find(view, key, row.seq() - 1, row, reach)) {
            if (row.isExpiredAt(nowMillis)) continue;
            operands.addOlder(valueOf(row, reach));
            if (stamp != null) addTo(stamp, row);
        }
        boolean exists = hasOlder && !row.isTombstone() && !row.isExpiredAt(nowMillis);
        if (exists && stamp != null) addTo(stamp, row);
        return operands.onto(exists ? valueOf(row, reach) : null);
    }

    private static void addTo(RowStamp stamp, FoundRow row) {
        stamp.addPart(
                row.seq(),
                row.hasCreation() ? row.createdAtMillis() : RowStamp.NONE,
                row.hasExpiry() ? row.expireAtMillis() : RowStamp.NONE);
    }

    /// Fills `found` with the newest row of `key` in `view` up to `seqMax`, and tells whether there
    /// is one. Of any two sources the newer holds the newer rows of a key, so the first hit is it.
    static boolean find(LsmView view, Bytes key, long seqMax, FoundRow found) {
        return find(view, key, seqMax, found, Reach.STORE);
    }

    private static boolean find(LsmView view, Bytes key, long seqMax, FoundRow found, Reach reach) {
        if (findInMemtables(view, key, seqMax, found)) return true;
        if (!view.hasTables()) return false;
        long hash = SipHash.of(key.array(), key.offset(), key.length());
        List<SstReader> l0 = view.l0();
        for (int i = 0; i < l0.size(); i++)
            if (l0.get(i).find(key, hash, seqMax, found, reach)) return true;
        List<RunReader> runs = view.runs();
        for (int i = 0; i < runs.size(); i++)
            if (runs.get(i).find(key, hash, seqMax, found, reach)) return true;
        return false;
    }

    private static boolean findInMemtables(LsmView view, Bytes key, long seqMax, FoundRow found) {
        long flushedSeq = view.flushedSeq();
        if (view.active().find(key, seqMax, found) && flushedSeq < found.seq()) return true;
        List<Memtable> frozen = view.frozen();
        for (int i = 0; i < frozen.size(); i++)
            if (frozen.get(i).find(key, seqMax, found) && flushedSeq < found.seq()) return true;
        return false;
    }
}
