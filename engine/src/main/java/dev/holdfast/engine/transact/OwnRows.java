package dev.holdfast.engine.transact;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.transact.OwnWrites.Inclusion;
import dev.holdfast.engine.transact.OwnWrites.Own;
import dev.holdfast.format.row.RowCursor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Walks what a transaction has written, as rows that are newer than all that it sees.
///
/// What is written while it walks does not show. Not thread-safe.
final class OwnRows implements RowCursor {
    private final OwnWrites writes;
    private final Order order;
    private final long seq;
    private final int numberMax;
    private final Deque<Own> ofKey = new ArrayDeque<>();
    private @Nullable Bytes key; // where the walk is; null before the first
    private Inclusion inclusion = Inclusion.INCLUDED;
    private @Nullable Own row;

    /// @param seq the last commit that the transaction sees: its own writes are numbered from there
    OwnRows(OwnWrites writes, Order order, long seq) {
        this.seq = seq;
        this.writes = writes;
        this.order = order;
        numberMax = writes.count();
    }

    /// The number above which nothing shows.
    long seqMax() {
        return seq + numberMax;
    }

    @Override
    public boolean next() {
        row = ofKey.poll();
        while (row == null) {
            Map.Entry<Bytes, Own> found = writes.step(key, order, inclusion);
            if (found == null) return false;
            key = found.getKey();
            inclusion = Inclusion.EXCLUDED;
            gather(found.getValue());
            row = ofKey.poll();
        }
        return true;
    }

    // Of one key the newest first upwards, the oldest first downwards.
    private void gather(Own newest) {
        for (Own each = newest; each != null; each = each.older()) {
            if (numberMax < each.number()) continue;
            if (order == Order.ASCENDING) ofKey.add(each);
            else ofKey.push(each);
        }
    }

    @Override
    public void seek(byte[] array, int offset, int length) {
        ofKey.clear();
        row = null;
        key = Bytes.copyOf(array, offset, length);
        inclusion = Inclusion.INCLUDED;
    }

    private Bytes shownKey() {
        Bytes shown = key;
        if (shown == null || row == null) throw noRow();
        return shown;
    }

    private Own shown() {
        Own shown = row;
        if (shown == null) throw noRow();
        return shown;
    }

    private static IllegalStateException noRow() {
        return new IllegalStateException("stands on no row");
    }

    @Override
    public byte[] keyArray() {
        return shownKey().array();
    }

    @Override
    public int keyOffset() {
        return shownKey().offset();
    }

    @Override
    public int keyLength() {
        return shownKey().length();
    }

    @Override
    public byte[] valueArray() {
        return shown().value().array();
    }

    @Override
    public int valueOffset() {
        return shown().value().offset();
    }

    @Override
    public int valueLength() {
        return shown().value().length();
    }

    @Override
    public long seq() {
        return seq + shown().number();
    }

    @Override
    public int flags() {
        return shown().flags();
    }

    @Override
    public long expireAtMillis() {
        return shown().expiry().millis();
    }

    @Override
    public long createdAtMillis() {
        return 0;
    }

    @Override
    public void close() {
        ofKey.clear();
        row = null;
    }
}
