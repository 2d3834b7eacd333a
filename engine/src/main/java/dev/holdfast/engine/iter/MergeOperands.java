package dev.holdfast.engine.iter;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.lifecycle.Task;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operands of one key on their way to the operator, oldest first. Bounded: where there are
/// many, they are combined as they come. Not thread-safe.
public final class MergeOperands {
    private static final int COUNT_MAX = 1024;

    private final MergeOperator operator;
    private final Bytes key;
    private final ArrayDeque<Bytes> oldestFirst = new ArrayDeque<>();

    /// None yet. Throws `Invalid` if there is no operator.
    public MergeOperands(@Nullable MergeOperator operator, Bytes key) {
        this.operator = required(operator, key);
        this.key = key;
    }

    static MergeOperator required(@Nullable MergeOperator operator, Bytes key) {
        if (operator == null)
            throw new Invalid("merged row met without a merge operator. key=`" + key + "`", null);
        return operator;
    }

    /// What `operator` makes of `operands`, oldest first. Throws `Invalid` if it fails.
    public static Bytes merged(
            MergeOperator operator, Bytes key, @Nullable Bytes existing, List<Bytes> operands) {
        @Nullable Bytes[] merged = new Bytes[1];
        Throwable broken = Task.attempt(() -> merged[0] = operator.merge(key, existing, operands));
        if (broken instanceof StorageException told) throw told;
        if (broken instanceof Error error) throw error;
        Bytes result = merged[0];
        if (broken != null || result == null)
            throw new Invalid("merge operator failed. key=`%s`: %s".formatted(key, broken), broken);
        return result;
    }

    /// Takes one that is older than all so far.
    public void addOlder(Bytes operand) {
        oldestFirst.addFirst(operand);
        keepBounded();
    }

    /// Takes one that is newer than all so far.
    public void addNewer(Bytes operand) {
        oldestFirst.addLast(operand);
        keepBounded();
    }

    private void keepBounded() {
        if (oldestFirst.size() < COUNT_MAX) return;
        Bytes one = merged(operator, key, null, List.copyOf(oldestFirst));
        oldestFirst.clear();
        oldestFirst.add(one);
    }

    /// `existing` with all of them applied; null if there is nothing at all.
    public @Nullable Bytes onto(@Nullable Bytes existing) {
        if (oldestFirst.isEmpty()) return existing;
        return merged(operator, key, existing, List.copyOf(oldestFirst));
    }

    /// True if there are none.
    public boolean isEmpty() {
        return oldestFirst.isEmpty();
    }
}
