package dev.holdfast.simulation.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The search of Wing, Gong and Lowe for an order in which the operations of one object could have
/// happened one after another, each between its call and its end.
///
/// An operation without an end may have happened at any time after its call, or never; one with an
/// end and no answer at any time between, or never. The search remembers every pair of operations
/// placed and state reached, so that it never looks behind the same door twice, and gives up after
/// a bounded number of steps.
public final class Wgl<S, I, O> {
    /// What the object is: a state and how operations change it.
    public interface Model<S, I, O> {
        /// The state before the first operation.
        S initial();

        /// The state after `input` was answered by `output`; null if that answer is impossible in
        /// `state`. A null output is not known: any answer will do.
        @Nullable S step(S state, I input, @Nullable O output);
    }

    /// One operation: asked at `call`, answered at `end`, in any unit of time that only rises.
    /// Without an output nobody knows whether it happened, but that it did not later than `end`,
    /// such as the death of the server that was asked.
    public record Operation<I, O>(I input, @Nullable O output, long call, long end) {
        /// The end of what was never answered and may still happen.
        public static final long NEVER = Long.MAX_VALUE;
    }

    /// What a search can come to.
    public enum Decision {
        /// There is such an order.
        LINEARIZABLE,
        /// There is none.
        IMPOSSIBLE,
        /// The search was given up.
        UNDECIDED
    }

    private record Seen(BitSet placed, Object state) {}

    private record Placed<S>(int operation, S before) {}

    private final Model<S, I, O> model;
    private final List<Operation<I, O>> operations;

    // The calls and ends not yet placed, as a list in the order of time. Entry 2i is the call of
    // operation i, entry 2i + 1 its end; the head stands behind the last.
    private final int head;
    private final int[] next;
    private final int[] previous;

    private Wgl(Model<S, I, O> model, List<Operation<I, O>> operations) {
        this.model = model;
        this.operations = operations;
        head = 2 * operations.size();
        next = new int[head + 1];
        previous = new int[head + 1];
        int last = head;
        for (int entry : entriesInOrder()) {
            next[last] = entry;
            previous[entry] = last;
            last = entry;
        }
        next[last] = head;
        previous[head] = last;
    }

    /// Decides whether `operations` can be put in order, in at most `stepsMax` steps.
    public static <S, I, O> Decision check(
            Model<S, I, O> model, List<Operation<I, O>> operations, long stepsMax) {
        return new Wgl<>(model, operations).search(stepsMax);
    }

    // At one instant calls come before ends: operations that touch may have happened either way.
    private List<Integer> entriesInOrder() {
        var entries = new ArrayList<Integer>(head);
        for (int entry = 0; entry < head; entry++) entries.add(entry);
        entries.sort(
                Comparator.comparingLong(this::timeOf)
                        .thenComparing(entry -> entry % 2)
                        .thenComparing(entry -> entry));
        return entries;
    }

    private long timeOf(int entry) {
        Operation<I, O> operation = operations.get(entry / 2);
        return entry % 2 == 0 ? operation.call() : operation.end();
    }

    private Decision search(long stepsMax) {
        var placed = new BitSet(operations.size());
        Set<Seen> seen = new HashSet<>();
        var path = new ArrayDeque<Placed<S>>();
        S state = model.initial();
        int entry = next[head];
        for (long step = 0; step < stepsMax; step++) {
            if (entry == head) return Decision.LINEARIZABLE;
            int operation = entry / 2;
            if (entry % 2 == 0) {
                S after = stepped(state, operation);
                if (after != null && isNew(seen, placed, operation, after)) {
                    placed.set(operation);
                    path.push(new Placed<>(operation, state));
                    lift(operation);
                    state = after;
                    entry = next[head];
                } else entry = next[entry];
                continue;
            }
            // What ends here was not placed before its end; what never ends need not be.
            if (operations.get(operation).end() == Operation.NEVER) return Decision.LINEARIZABLE;
            if (isInDoubt(operation) && isNew(seen, placed, operation, state)) {
                placed.set(operation); // it never happened
                path.push(new Placed<>(operation, state));
                lift(operation);
                entry = next[head];
                continue;
            }
            if (path.isEmpty()) return Decision.IMPOSSIBLE;
            Placed<S> wrong = path.pop();
            placed.clear(wrong.operation());
            putBack(wrong.operation());
            state = wrong.before();
            entry = next[2 * wrong.operation()];
        }
        return Decision.UNDECIDED;
    }

    private boolean isInDoubt(int operation) {
        return operations.get(operation).output() == null;
    }

    private @Nullable S stepped(S state, int operation) {
        Operation<I, O> asked = operations.get(operation);
        return model.step(state, asked.input(), asked.output());
    }

    private boolean isNew(Set<Seen> seen, BitSet placed, int operation, S after) {
        var next = (BitSet) placed.clone();
        next.set(operation);
        return seen.add(new Seen(next, Objects.requireNonNull(after)));
    }

    private void lift(int operation) {
        unlink(2 * operation);
        unlink(2 * operation + 1);
    }

    private void unlink(int entry) {
        next[previous[entry]] = next[entry];
        previous[next[entry]] = previous[entry];
    }

    // In the reverse order of taking out, so that the neighbours are right again.
    private void putBack(int operation) {
        relink(2 * operation + 1);
        relink(2 * operation);
    }

    private void relink(int entry) {
        next[previous[entry]] = entry;
        previous[next[entry]] = entry;
    }
}
