package dev.holdfast.engine.read;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.iter.Visibility;
import dev.holdfast.engine.view.AppliedView;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.ReadSet;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The database as of one commit: a view and the sequence number that bounds it.
///
/// Thread-safe. Scans that are open when it is closed go on.
public final class StableView implements ReadView {
    private final Reading reading;
    private final ReadSet reads;
    private volatile @Nullable LsmView view;
    private volatile boolean keepsToMemory;

    /// What every view of one database needs to read: the clock that expiry is held against, how
    /// merged rows are combined, and the reader of single keys.
    ///
    /// @param marks up to which commit everything has reached a durability
    public record Reading(
            Env env,
            @Nullable MergeOperator operator,
            PointReader points,
            ToLongFunction<Durability> marks) {
        public Reading(
                Env env, @Nullable MergeOperator operator, ToLongFunction<Durability> marks) {
            this(env, operator, new PointReader(env, operator), marks);
        }

        /// Of what is durable as a whole.
        public Reading(Env env, @Nullable MergeOperator operator) {
            this(env, operator, _ -> Long.MAX_VALUE);
        }

        Visibility visibility(long seqMax) {
            return new Visibility(seqMax, env.currentTimeMillis(), operator);
        }

        /// What is seen now of the rows up to `seqMax` that `options` let show.
        public Visibility visibility(long seqMax, Reads.Options options) {
            boolean isShown = options.expired() == Reads.Options.Expired.SHOWN;
            long now = isShown ? Visibility.BEFORE_ALL : env.currentTimeMillis();
            return new Visibility(within(seqMax, options), now, operator);
        }

        private long within(long seqMax, Reads.Options options) {
            return options.durability() == Durability.MEMORY
                    ? seqMax
                    : Math.min(seqMax, marks.applyAsLong(options.durability()));
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
        LsmView open = open();
        PointReader points = reading.points();
        return keepsToMemory
                ? points.getAtHand(open, key, reads.seq(), reads)
                : points.get(open, key, reads.seq(), reads);
    }

    @Override
    public @Nullable Row row(Bytes key, Reads.Options options) {
        return reading.points().row(open(), key, visibility(options), reads);
    }

    @Override
    public List<@Nullable Bytes> multiGet(List<Bytes> keys, Reads.Options options) {
        LsmView open = open();
        Visibility visibility = visibility(options);
        return new MultiGet(
                        reading.env(),
                        key -> {
                            Row row = reading.points().row(open, key, visibility, reads);
                            return row == null ? null : row.value();
                        })
                .get(keys);
    }

    @Override
    public Scan scan(KeyRange range, Scan.Options options) {
        Visibility visibility = visibility(options.reads()).changedAfter(options.newerThan());
        return RangeScanner.over(scanned(range), range, options, visibility, reads);
    }

    @Override
    public Scan.Versions versions(KeyRange range) {
        return new RecencyScan(open(), range, reads.seq());
    }

    private Visibility visibility(Reads.Options options) {
        return reading.visibility(reads.seq(), options);
    }

    @Override
    public Scan scan(KeyRange range, Order order) {
        return RangeScanner.over(
                scanned(range), range, order, reading.visibility(reads.seq()), reads);
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

    @Override
    public long observedLately() {
        return reads.takeLatelySeq();
    }

    @Override
    public void keepToMemory() {
        keepsToMemory = true;
    }

    @Override
    public void expect(List<Bytes> keys) {
        open().active().touch(keys);
    }

    private LsmView scanned(KeyRange range) {
        LsmView open = open();
        if (keepsToMemory) RangeScanner.requireAtHand(open, range);
        return open;
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
