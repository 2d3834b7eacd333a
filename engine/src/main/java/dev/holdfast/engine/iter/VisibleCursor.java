package dev.holdfast.engine.iter;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.row.RowFlags;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The live pairs of a range: each key once, with the value that a reader sees.
///
/// Rows above the reader's sequence number are passed over; tombstones and expired rows hide their
/// key; merged rows are combined. Not thread-safe; closes the rows it walks over.
public final class VisibleCursor implements AutoCloseable {
    private static final int PASSED_MAX = 16; // rows of one key, before a seek is worth it

    private final RowCursor rows;
    private final KeyRange range;
    private final Order order;
    private final Visibility visibility;
    private final @Nullable Function<KeyRange, RowCursor> upwards;

    private byte[] key = new byte[64];
    private int keyLength = -1;
    private byte[] value = Bytes.EMPTY.array();
    private int valueOffset;
    private int valueLength;
    // A walk downwards meets the value that counts last, and has to keep it till then.
    private byte[] kept = Bytes.EMPTY.array();
    private @Nullable MergeOperands operands; // null: none of the key so far
    // Where the row that decided is not the one that `rows` stands on, or not alone.
    private final RowStamp aside = new RowStamp();
    private boolean isStampAside;
    private @Nullable Bytes sought; // where the walk was last sent: it never goes back behind it
    private boolean isRowPending;
    private boolean isAtEnd;
    private long observedSeq;

    /// `rows` walk in `order` and stand before the first one.
    public VisibleCursor(RowCursor rows, KeyRange range, Order order, Visibility visibility) {
        this(rows, range, order, visibility, null);
    }

    /// @param upwards gives the same rows in a range, for a walk upwards: to look up a key that has
    ///   many; null if there is nothing but `rows`
    public VisibleCursor(
            RowCursor rows,
            KeyRange range,
            Order order,
            Visibility visibility,
            @Nullable Function<KeyRange, RowCursor> upwards) {
        this.upwards = upwards;
        this.rows = rows;
        this.range = range;
        this.order = order;
        this.visibility = visibility;
        this.isAtEnd = range.isEmpty();
        Bytes near = order == Order.ASCENDING ? range.start() : range.end();
        this.sought = near;
        if (near != null && !isAtEnd) rows.seek(near.array(), near.offset(), near.length());
    }

    /// Moves to the next live pair, and tells whether there is one. After false it stays false.
    public boolean next() {
        while (!isAtEnd && toNewKey()) {
            boolean isLive =
                    switch (order) {
                        case ASCENDING -> decideAscending();
                        case DESCENDING -> decideDescending();
                    };
            if (isLive) return true;
        }
        isAtEnd = true;
        return false;
    }

    // Moves to the first visible row of a key not yet decided, and takes over its key.
    private boolean toNewKey() {
        int passed = 0;
        while (isRowPending || rows.next()) {
            isRowPending = false;
            if (isSameKey()) {
                if (++passed == PASSED_MAX) rows.seekBeyond(key, 0, keyLength);
                continue;
            }
            if (isBeyondRange()) return false;
            if (visibility.seqMax() < rows.seq() || isBeforeRange()) continue;
            takeKey();
            return true;
        }
        return false;
    }

    // Newest first: the first visible row decides, unless it is to be merged into older ones.
    private boolean decideAscending() {
        observe();
        if (rows.seq() <= visibility.newerThan()) return false;
        int flags = rows.flags();
        if ((flags & RowFlags.MERGE) != 0) return mergeAscending();
        if (isHidden(flags)) return false;
        isStampAside = false;
        setValue(rows.valueArray(), rows.valueOffset(), rows.valueLength());
        return true;
    }

    private boolean mergeAscending() {
        MergeOperands merging = operandsOfKey();
        beginStamp();
        Bytes existing = null;
        long lastSeq = Long.MAX_VALUE;
        do {
            int flags = rows.flags();
            boolean isHidden = isHidden(flags);
            boolean isOperand = (flags & RowFlags.MERGE) != 0;
            // A row that two sources have counts once.
            if (!isHidden && rows.seq() < lastSeq) {
                aside.add(rows);
                if (isOperand) merging.addOlder(copyOfValue());
                else existing = copyOfValue();
            }
            lastSeq = rows.seq();
            isRowPending = isOperand && rows.next();
        } while (isRowPending && isSameKey());
        return setMerged(merging, existing);
    }

    // Oldest first: each visible row overrules those before it.
    private boolean decideDescending() {
        operands = null;
        beginStamp();
        boolean exists = false;
        long lastSeq = 0;
        int passed = 0;
        do {
            if (++passed == PASSED_MAX && upwards != null) return lookUp(upwards);
            if (visibility.seqMax() < rows.seq()) {
                isRowPending = rows.next();
                continue;
            }
            observe();
            int flags = rows.flags();
            boolean isHidden = isHidden(flags);
            if ((flags & RowFlags.MERGE) == 0) {
                operands = null;
                exists = !isHidden;
                if (exists) keepValue();
                else aside.clear();
            } else {
                MergeOperands merging = operandsOfKey();
                if (!isHidden && lastSeq < rows.seq()) {
                    merging.addNewer(copyOfValue());
                    aside.add(rows);
                }
            }
            lastSeq = rows.seq();
            isRowPending = rows.next();
        } while (isRowPending && isSameKey());
        if (lastSeq <= visibility.newerThan()) return false;
        if (operands == null) return exists;
        return setMerged(operands, exists ? Bytes.copyOf(value, valueOffset, valueLength) : null);
    }

    // The key has more rows than it is worth to walk through.
    private boolean lookUp(Function<KeyRange, RowCursor> rowsUpwards) {
        byte[] successor = Arrays.copyOf(key, keyLength + 1);
        successor[keyLength] = 0;
        var only = new KeyRange(Bytes.copyOf(key, 0, keyLength), Bytes.wrap(successor));
        rows.seekBeyond(key, 0, keyLength);
        isRowPending = false;
        try (var up =
                new VisibleCursor(rowsUpwards.apply(only), only, Order.ASCENDING, visibility)) {
            boolean exists = up.next();
            observedSeq = Math.max(observedSeq, up.observedSeq());
            if (!exists) return false;
            keep(up.value, up.valueOffset, up.valueLength);
            up.stamp(aside);
            return true;
        }
    }

    private void beginStamp() {
        isStampAside = true;
        aside.clear();
    }

    private MergeOperands operandsOfKey() {
        MergeOperands ofKey = operands;
        if (ofKey == null || order == Order.ASCENDING) {
            ofKey = new MergeOperands(visibility.operator(), Bytes.copyOf(key, 0, keyLength));
            operands = ofKey;
        }
        return ofKey;
    }

    private boolean setMerged(MergeOperands merging, @Nullable Bytes existing) {
        Bytes merged = merging.onto(existing);
        if (merged == null) return false;
        setValue(merged.array(), merged.offset(), merged.length());
        return true;
    }

    private boolean isHidden(int flags) {
        return (flags & RowFlags.TOMBSTONE) != 0
                || (flags & RowFlags.HAS_EXPIRY) != 0
                        && rows.expireAtMillis() <= visibility.nowMillis();
    }

    private boolean isSameKey() {
        return Arrays.equals(
                key,
                0,
                Math.max(0, keyLength),
                rows.keyArray(),
                rows.keyOffset(),
                rows.keyOffset() + rows.keyLength());
    }

    private boolean isBeyondRange() {
        return switch (order) {
            case ASCENDING -> range.end() != null && 0 <= compareKeyTo(range.end());
            case DESCENDING -> range.start() != null && compareKeyTo(range.start()) < 0;
        };
    }

    // A walk downwards begins at the range's end, which is itself outside.
    private boolean isBeforeRange() {
        return order == Order.DESCENDING && range.end() != null && 0 <= compareKeyTo(range.end());
    }

    private int compareKeyTo(Bytes bound) {
        int from = rows.keyOffset();
        return Arrays.compareUnsigned(
                rows.keyArray(),
                from,
                from + rows.keyLength(),
                bound.array(),
                bound.offset(),
                bound.offset() + bound.length());
    }

    private void takeKey() {
        keyLength = rows.keyLength();
        if (key.length < keyLength) key = new byte[Math.max(keyLength, 2 * key.length)];
        System.arraycopy(rows.keyArray(), rows.keyOffset(), key, 0, keyLength);
    }

    private void keepValue() {
        keep(rows.valueArray(), rows.valueOffset(), rows.valueLength());
        aside.take(rows);
    }

    private void keep(byte[] from, int offset, int length) {
        if (kept.length < length) kept = new byte[Math.max(length, 2 * kept.length)];
        System.arraycopy(from, offset, kept, 0, length);
        setValue(kept, 0, length);
    }

    private Bytes copyOfValue() {
        return Bytes.copyOf(rows.valueArray(), rows.valueOffset(), rows.valueLength());
    }

    private void setValue(byte[] array, int offset, int length) {
        value = array;
        valueOffset = offset;
        valueLength = length;
    }

    private void observe() {
        observedSeq = Math.max(observedSeq, rows.seq());
    }

    /// Moves so that [#next] gives the first pair at `target` or after it in the order of the walk.
    /// Never moves back.
    public void seek(Bytes target) {
        if (isAtEnd || isPassed(target)) return;
        sought = target;
        rows.seek(target.array(), target.offset(), target.length());
        isRowPending = false;
    }

    private boolean isPassed(Bytes target) {
        int sign = order == Order.ASCENDING ? 1 : -1;
        return (sought != null && sign * target.compareTo(sought) <= 0)
                || (0 <= keyLength && sign * target.compareTo(Bytes.wrap(key, 0, keyLength)) <= 0);
    }

    /// The array that holds the current key; valid until the next move.
    public byte[] keyArray() {
        return key;
    }

    /// How long the current key is. It starts at the array's beginning.
    public int keyLength() {
        return keyLength;
    }

    /// The array that holds the current value; valid until the next move.
    public byte[] valueArray() {
        return value;
    }

    /// Where the current value starts in [#valueArray].
    public int valueOffset() {
        return valueOffset;
    }

    /// How long the current value is.
    public int valueLength() {
        return valueLength;
    }

    /// Fills `stamp` with when the current pair came to be, and when it goes. Before the next move.
    public void stamp(RowStamp stamp) {
        if (isStampAside) stamp.take(aside);
        else stamp.take(rows);
    }

    /// The highest sequence number of the rows that decided what was shown, and what was not.
    public long observedSeq() {
        return observedSeq;
    }

    @Override
    public void close() {
        isAtEnd = true;
        rows.close();
    }
}
