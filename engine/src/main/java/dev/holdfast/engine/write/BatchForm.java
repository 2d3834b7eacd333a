package dev.holdfast.engine.write;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.iter.MergeOperands;
import dev.holdfast.engine.manifest.SegmentGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Brings batches into the form that the log and memtables take: one row a key where it is merged,
/// as all rows of a commit share one number, and every expiry a time.
///
/// What is in that form already is passed on as it is; what is not is copied. Thread-safe.
final class BatchForm {
    private final @Nullable MergeOperator operator;
    private final long defaultTtlMillis;
    private final @Nullable SegmentRules segments;

    BatchForm(@Nullable MergeOperator operator, Duration defaultTtl) {
        this(operator, defaultTtl, null);
    }

    /// @param operator combines what one batch merges into one key; null if nothing may be merged
    /// @param defaultTtl of rows that do not say; zero for none
    /// @param segments how keys are cut into segments; null if they are not
    BatchForm(
            @Nullable MergeOperator operator,
            Duration defaultTtl,
            @Nullable SegmentRules segments) {
        this.segments = segments;
        this.operator = operator;
        defaultTtlMillis = defaultTtl.toMillis();
    }

    /// What a batch does to one key where it merges something into it, in one row.
    private static final class Change {
        private final Bytes key;
        private final List<Bytes> operands = new ArrayList<>();
        private @Nullable Bytes value;
        private boolean hidesOlder;
        private Expiry expiry = Expiry.usual();

        Change(Bytes key) {
            this.key = key;
        }

        void take(BatchCursor row) {
            Bytes taken = Bytes.wrap(row.array(), row.valueOffset(), row.valueLength());
            if (row.isMerge()) {
                boolean isFirst = operands.isEmpty() && value == null;
                if (!isFirst && !expiry.equals(row.expiry()))
                    throw new Invalid(
                            "merged in one batch to expire at different times. key=`" + key + "`",
                            null);
                expiry = row.expiry();
                operands.add(taken);
                return;
            }
            operands.clear();
            hidesOlder = true;
            value = row.isDelete() ? null : taken;
            expiry = row.expiry();
        }

        void addTo(WriteBatch batch, MergeOperator operator) {
            Bytes result = value;
            boolean isAlone = operands.size() == 1 && !hidesOlder;
            if (isAlone) result = operands.getFirst();
            else if (!operands.isEmpty())
                result = MergeOperands.merged(operator, key, value, operands);
            if (result == null) batch.delete(key);
            else if (hidesOlder) batch.put(key, result, expiry);
            else batch.merge(key, result, expiry);
        }
    }

    /// `batch` with at most one row of each key that it merges something into. Throws `Invalid` if
    /// there is no operator, if it fails, if such rows expire at different times, or if a key is in
    /// no segment.
    WriteBatch folded(WriteBatch batch) {
        if (segments != null) requireInSegments(batch, segments);
        if (!batch.hasMerges()) return batch;
        MergeOperator known = operator;
        if (known == null) throw new Invalid("merge without a merge operator", null);
        if (batch.rows() == 1) return batch;
        Map<Bytes, Change> changes = new LinkedHashMap<>();
        for (BatchCursor row = batch.cursor(); row.next(); ) {
            Bytes key = Bytes.wrap(row.array(), row.keyOffset(), row.keyLength());
            changes.computeIfAbsent(key, Change::new).take(row);
        }
        if (changes.size() == batch.rows()) return batch;
        var folded = new WriteBatch();
        for (Change each : changes.values()) each.addTo(folded, known);
        return folded;
    }

    private static void requireInSegments(WriteBatch batch, SegmentRules segments) {
        for (BatchCursor row = batch.cursor(); row.next(); )
            SegmentGuard.segmentOf(
                    Bytes.wrap(row.array(), row.keyOffset(), row.keyLength()), segments);
    }

    /// `batch` with a time for every row that expires, as of a commit at `nowMillis`.
    WriteBatch stamped(WriteBatch batch, long nowMillis) {
        if (!batch.isUnstamped() && defaultTtlMillis == 0) return batch;
        var stamped = new WriteBatch();
        for (BatchCursor row = batch.cursor(); row.next(); ) {
            Bytes key = Bytes.wrap(row.array(), row.keyOffset(), row.keyLength());
            Bytes value = Bytes.wrap(row.array(), row.valueOffset(), row.valueLength());
            Expiry expiry = timed(row.expiry(), nowMillis);
            if (row.isDelete()) stamped.delete(key);
            else if (row.isMerge()) stamped.merge(key, value, expiry);
            else stamped.put(key, value, expiry);
        }
        return stamped;
    }

    // `usual` is what a row without an expiry is written as. A time beyond all times is none.
    private Expiry timed(Expiry expiry, long nowMillis) {
        return switch (expiry.kind()) {
            case AT -> expiry;
            case NEVER -> Expiry.usual();
            case AFTER -> within(expiry.millis(), nowMillis);
            case USUAL -> within(defaultTtlMillis, nowMillis);
        };
    }

    private static Expiry within(long ttlMillis, long nowMillis) {
        boolean isForever = ttlMillis == 0 || Long.MAX_VALUE - ttlMillis < nowMillis;
        return isForever ? Expiry.usual() : Expiry.atMillis(nowMillis + ttlMillis);
    }
}
