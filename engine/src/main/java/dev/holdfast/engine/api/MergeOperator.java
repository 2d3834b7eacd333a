package dev.holdfast.engine.api;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Combines the operands that were merged into a key. Must be associative, and a pure function of
/// what it is given: operands are combined at reads, at flushes and in compactions, in groups of
/// neighbours, and what comes of a group without a value below it is an operand again.
///
/// ```java
/// MergeOperator sum = MergeOperator.oneByOne((key, existing, operand) ->
///         existing == null ? operand : encode(decode(existing) + decode(operand)));
/// ```
///
/// Called by many threads at once. What it throws reaches a reader as `Invalid` with the cause; a
/// flush or a compaction leaves the operands as they are. Another engine that reads the database
/// needs the same operator.
@FunctionalInterface
public interface MergeOperator {
    /// The value of `key`: `existing` (null if there is none) with `operands`, at least one,
    /// applied, oldest first.
    Bytes merge(Bytes key, @Nullable Bytes existing, List<Bytes> operands);

    /// Combines one operand with what is there.
    @FunctionalInterface
    interface OneByOne {
        /// The value of `key`: `existing` (null if there is none) with `operand` applied.
        Bytes merge(Bytes key, @Nullable Bytes existing, Bytes operand);
    }

    /// An operator that takes many operands one after the other.
    static MergeOperator oneByOne(OneByOne operator) {
        return (key, existing, operands) -> {
            Bytes merged = operator.merge(key, existing, operands.getFirst());
            for (Bytes operand : operands.subList(1, operands.size()))
                merged = operator.merge(key, merged, operand);
            return merged;
        };
    }

    /// Tries `operator` with `samples` as values and operands, in `rounds` ways that `seed` draws,
    /// and throws an [AssertionError] with the first example of what it must not do: give another
    /// result when operands are combined in other groups, or when it is asked again. For tests of
    /// applications: an operator that passes may still be wrong, one that fails is.
    ///
    /// ```java
    /// List<Bytes> some = List.of(encode(1), encode(-7), encode(1L << 40));
    /// MergeOperator.requireAssociative(sum, some, 1_000, 42);
    /// ```
    static void requireAssociative(
            MergeOperator operator, List<Bytes> samples, int rounds, long seed) {
        require(!samples.isEmpty(), "no samples");
        var draw = new SplittableRandom(seed);
        Bytes key = Bytes.utf8("key");
        for (int round = 0; round < rounds; round++) {
            Bytes existing =
                    draw.nextInt(4) == 0 ? null : samples.get(draw.nextInt(samples.size()));
            List<Bytes> operands = new ArrayList<>();
            for (int left = 2 + draw.nextInt(5); 0 < left; left--)
                operands.add(samples.get(draw.nextInt(samples.size())));
            int from = draw.nextInt(operands.size());
            int to = from + 1 + draw.nextInt(operands.size() - from);
            List<Bytes> grouped = new ArrayList<>(operands.subList(0, from));
            grouped.add(operator.merge(key, null, List.copyOf(operands.subList(from, to))));
            grouped.addAll(operands.subList(to, operands.size()));
            Bytes whole = operator.merge(key, existing, List.copyOf(operands));
            Bytes inGroups = operator.merge(key, existing, grouped);
            Bytes below = operator.merge(key, existing, List.copyOf(operands.subList(0, to)));
            List<Bytes> above = List.copyOf(operands.subList(to, operands.size()));
            Bytes inSteps = above.isEmpty() ? below : operator.merge(key, below, above);
            if (whole.equals(inGroups)
                    && whole.equals(inSteps)
                    && whole.equals(operator.merge(key, existing, List.copyOf(operands)))) continue;
            throw new AssertionError(
                    ("not associative, or not a pure function. existing=`%s`, operands=`%s`,"
                                    + " group=`%d to %d`, whole=`%s`, in groups=`%s`,"
                                    + " in steps=`%s`, seed=`%d`, round=`%d`")
                            .formatted(
                                    existing, operands, from, to, whole, inGroups, inSteps, seed,
                                    round));
        }
    }
}
