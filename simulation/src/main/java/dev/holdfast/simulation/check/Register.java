package dev.holdfast.simulation.check;

import dev.holdfast.simulation.check.Wgl.Decision;
import dev.holdfast.simulation.check.Wgl.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One key that is got, put, deleted, and compared before it is put; absent is the empty text.
///
/// The answer to a get is the value found; to a write [#DONE].
public record Register(String initial) implements Wgl.Model<String, Register.Request, String> {
    /// No value.
    public static final String ABSENT = "";

    /// The answer of a write that was carried out.
    public static final String DONE = "done";

    private static final long STEPS_MAX = 1_000_000;

    /// What is asked of a key.
    public sealed interface Request {
        /// Its value.
        record Get() implements Request {}

        /// That it be `value`, or [#ABSENT].
        record Put(String value) implements Request {}

        /// That it be `value` if it is `expected`; answered only if it was.
        record Compare(String expected, String value) implements Request {}
    }

    /// A history of several keys, each with the value that it began with.
    public record Histories(
            Map<String, String> initial, Map<String, List<Operation<Request, String>>> byKey) {
        public Histories() {
            this(new LinkedHashMap<>(), new LinkedHashMap<>());
        }

        /// Adds one operation of one key.
        public void add(String key, Operation<Request, String> operation) {
            byKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(operation);
        }

        /// The keys whose histories are impossible.
        public List<String> impossible() {
            List<String> keys = new ArrayList<>();
            byKey.forEach((key, operations) -> {
                String first = initial.getOrDefault(key, ABSENT);
                if (check(first, operations) == Decision.IMPOSSIBLE) keys.add(key);
            });
            return keys;
        }
    }

    /// Decides about the history of one key that began with `initial`.
    public static Decision check(String initial, List<Operation<Request, String>> operations) {
        return Wgl.check(new Register(initial), pruned(operations), STEPS_MAX);
    }

    // What was never answered and never seen can have happened after everything else: no need to
    // try it everywhere.
    private static List<Operation<Request, String>> pruned(
            List<Operation<Request, String>> operations) {
        Set<String> seen = new LinkedHashSet<>();
        for (Operation<Request, String> operation : operations) {
            if (operation.output() != null) seen.add(operation.output());
            if (operation.input() instanceof Request.Compare compare) seen.add(compare.expected());
        }
        return operations.stream().filter(operation -> matters(operation, seen)).toList();
    }

    private static boolean matters(Operation<Request, String> operation, Set<String> seen) {
        if (operation.end() != Operation.NEVER) return true;
        return switch (operation.input()) {
            case Request.Get _ -> false;
            case Request.Put(String value) -> seen.contains(value);
            case Request.Compare(_, String value) -> seen.contains(value);
        };
    }

    @Override
    public @Nullable String step(String state, Request request, @Nullable String answer) {
        return switch (request) {
            case Request.Get _ -> answer == null || answer.equals(state) ? state : null;
            case Request.Put(String value) -> value;
            case Request.Compare(String expected, String value) -> {
                if (expected.equals(state)) yield value;
                // Not answered: it may have been refused.
                yield answer == null ? state : null;
            }
        };
    }
}
