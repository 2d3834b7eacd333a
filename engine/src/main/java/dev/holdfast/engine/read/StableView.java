package dev.holdfast.engine.read;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.iter.Visibility;
import dev.holdfast.engine.view.AppliedView;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.ReadSet;
import org.jspecify.annotations.Nullable;

/// The database as of one commit: a view and the sequence number that bounds it.
///
/// Thread-safe. Scans that are open when it is closed go on.
public final class StableView implements ReadView {
    private final Reading reading;
    private final ReadSet reads;
    private volatile @Nullable LsmView view;

    /// What every view of one database needs to read: the clock that expiry is held against, how
    /// merged rows are combined, and the reader of single keys.
    public record Reading(Env env, @Nullable MergeOperator operator, PointReader points) {
        public Reading(Env env, @Nullable MergeOperator operator) {
            this(env, operator, new PointReader(env, operator));
        }

        /// What is seen now of the rows up to `seqMax`.
        public Visibility visibility(long seqMax) {
            return new Visibility(seqMax, env.currentTimeMillis(), operator);
        }
    }

    /// Everything that `taken` shows.
    public StableView(Reading reading, AppliedView taken) {
        this(reading, taken.view(), taken.seq());
    }

    /// Everything in `view` up to `seq`, which was applied when `view` was taken.
    public StableView(Reading reading, LsmView view, long seq) {
        this.reading = reading;
        this.view = view;
        this.reads = new ReadSet(seq);
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
        return reading.points().get(open(), key, reads.seq(), reads);
    }

    @Override
    public Scan scan(KeyRange range, Order order) {
        return RangeScanner.over(open(), range, order, reading.visibility(reads.seq()), reads);
    }

    @Override
    public long seq() {
        return reads.seq();
    }

    @Override
    public long observedSeq() {
        return reads.observedSeq();
    }

    /// What was read through this view so far.
    public ReadSet readSet() {
        return reads;
    }

    private LsmView open() {
        LsmView open = view;
        if (open == null) throw new Closed(Closed.Reason.CLEAN, "view closed", null);
        return open;
    }

    @Override
    public void close() {
        view = null;
    }
}
