package dev.holdfast.system.history;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A type of value: what can be asked of a key that holds it, and what must then be answered.
///
/// A request is a command without its key. The state of a value is a list of texts, empty where
/// there is none; replies are compared as texts.
interface Family {
    /// What a request does to a value, and what it is answered.
    record Outcome(List<String> after, String reply) {
        public Outcome {
            after = List.copyOf(after);
        }
    }

    /// How its keys begin.
    String name();

    /// A request; `fresh` is a text that nobody else uses.
    List<String> request(SplittableRandom chance, String fresh);

    /// The request that shows all of the value.
    List<String> look();

    /// What `request` does to a value in `state`.
    Outcome outcome(List<String> state, List<String> request);

    /// What the server is sent for `request`.
    default List<String> command(String key, List<String> request) {
        var words = new java.util.ArrayList<>(request);
        words.add(1, key);
        return words;
    }

    /// The reply as it is compared.
    default String text(List<String> request, @Nullable Object reply) {
        return String.valueOf(reply);
    }

    /// A reply that says how many there are, or whether.
    static Outcome counted(List<String> after, long count) {
        return new Outcome(after, Long.toString(count));
    }
}
