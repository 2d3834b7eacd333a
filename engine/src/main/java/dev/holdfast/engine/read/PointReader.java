package dev.holdfast.engine.read;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.iter.Visibility;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.RunReader;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.ReadWitness;
import dev.holdfast.format.filter.SipHash;
import dev.holdfast.format.row.FoundRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks one key up in a view, newest source first.
///
/// Thread-safe. A lookup that ends at a plain value allocates the value and nothing else.
public final class PointReader {
    private final Env env;
    private final @Nullable MergeOperator operator;
    private final FoundRows spare = new FoundRows();

    public PointReader(Env env, @Nullable MergeOperator operator) {
        this.env = env;
        this.operator = operator;
    }

    /// The value of `key` in `view` as of `seqMax`, or null if there is none. What it read is told
    /// to `reads`, if given. Throws `Invalid` for a key that no row can have.
    public @Nullable Bytes get(LsmView view, Bytes key, long seqMax, @Nullable ReadWitness reads) {
        KeyRules.require(key);
        if (reads != null) reads.addKey(key);
        FoundRow row = spare.take();
        try {
            if (!find(view, key, seqMax, row)) return null;
            if (reads != null) reads.observe(row.seq());
            if (row.isMerge()) return merged(view, key, row);
            return isHidden(row) ? null : valueOf(row);
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

    // A copy: a value of a few bytes must not keep its block in memory.
    private static Bytes valueOf(FoundRow row) {
        return Bytes.copyOf(row.valueArray(), row.valueOffset(), row.valueLength());
    }

    // `row` is the newest one, an operand. Older versions are looked up one after the other.
    private @Nullable Bytes merged(LsmView view, Bytes key, FoundRow row) {
        long nowMillis = env.currentTimeMillis();
        var visibility = new Visibility(row.seq(), nowMillis, operator);
        visibility.requireOperator(key);
        List<Bytes> operands = new ArrayList<>();
        boolean hasOlder = true;
        for (; hasOlder && row.isMerge(); hasOlder = find(view, key, row.seq() - 1, row)) {
            if (!row.isExpiredAt(nowMillis)) operands.add(valueOf(row));
        }
        boolean exists = hasOlder && !row.isTombstone() && !row.isExpiredAt(nowMillis);
        Bytes existing = exists ? valueOf(row) : null;
        return operands.isEmpty() ? existing : visibility.merge(key, existing, operands);
    }

    /// Fills `found` with the newest row of `key` in `view` up to `seqMax`, and tells whether there
    /// is one. Of any two sources the newer holds the newer rows of a key, so the first hit is it.
    static boolean find(LsmView view, Bytes key, long seqMax, FoundRow found) {
        long flushedSeq = view.flushedSeq();
        if (view.active().find(key, seqMax, found) && flushedSeq < found.seq()) return true;
        List<Memtable> frozen = view.frozen();
        for (int i = 0; i < frozen.size(); i++)
            if (frozen.get(i).find(key, seqMax, found) && flushedSeq < found.seq()) return true;
        List<SstReader> l0 = view.l0();
        List<RunReader> runs = view.runs();
        if (l0.isEmpty() && runs.isEmpty()) return false;
        long hash = SipHash.of(key.array(), key.offset(), key.length());
        for (int i = 0; i < l0.size(); i++)
            if (l0.get(i).find(key, hash, seqMax, found)) return true;
        for (int i = 0; i < runs.size(); i++)
            if (runs.get(i).find(key, hash, seqMax, found)) return true;
        return false;
    }
}
