package dev.holdfast.simulation.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one transaction on lists did, and what became of it.
///
/// @param call when it began, in any unit of time that only rises
/// @param end when it was answered
public record Transaction(int id, List<Step> steps, Outcome outcome, long call, long end) {
    public Transaction {
        steps = List.copyOf(steps);
    }

    /// One step, in the order of the transaction.
    public sealed interface Step {
        /// The list that it is about.
        String key();

        /// Adds `element`, which nobody else ever adds to this list, at the end.
        record Append(String key, int element) implements Step {}

        /// Reads the whole list; null if the answer is not known.
        record Read(String key, @Nullable List<Integer> elements) implements Step {}
    }

    /// What became of it.
    public enum Outcome {
        /// It was acknowledged.
        COMMITTED,
        /// It was refused: nobody may ever see it.
        ABORTED,
        /// Nobody knows.
        UNKNOWN
    }

    boolean isCommitted() {
        return outcome == Outcome.COMMITTED;
    }

    String label() {
        return "T" + id;
    }
}
