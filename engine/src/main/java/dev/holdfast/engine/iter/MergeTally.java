package dev.holdfast.engine.iter;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.DbStats.Merges;
import dev.holdfast.engine.api.MergeOperator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A merge operator that counts what another is given. Thread-safe.
public final class MergeTally implements MergeOperator {
    private final MergeOperator operator;
    private final LongAdder calls = new LongAdder();
    private final LongAdder operands = new LongAdder();

    private MergeTally(MergeOperator operator) {
        this.operator = operator;
    }

    /// Counts for `operator`; null for none.
    public static @Nullable MergeTally of(@Nullable MergeOperator operator) {
        return operator == null ? null : new MergeTally(operator);
    }

    /// What `operator` has counted; nothing if it does not count.
    public static Merges figuresOf(@Nullable MergeOperator operator) {
        return operator instanceof MergeTally tally
                ? new Merges(tally.calls.sum(), tally.operands.sum())
                : Merges.NONE;
    }

    @Override
    public Bytes merge(Bytes key, @Nullable Bytes existing, List<Bytes> given) {
        calls.increment();
        operands.add(given.size());
        return operator.merge(key, existing, given);
    }
}
