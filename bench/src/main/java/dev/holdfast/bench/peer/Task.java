package dev.holdfast.bench.peer;

import static dev.holdfast.base.Checks.require;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a peer is asked to do: a name and what goes with it, as on a command line.
///
/// @param name of one of the tasks of [Worker]
/// @param parameters by name
public record Task(String name, Map<String, String> parameters) {
    public Task {
        parameters = Map.copyOf(parameters);
    }

    /// Reads `name parameter=value ...`. Throws `IllegalArgumentException` for anything else.
    public static Task parse(List<String> words) {
        require(!words.isEmpty(), "no task");
        var parameters = new HashMap<String, String>();
        for (String word : words.subList(1, words.size())) {
            int at = word.indexOf('=');
            require(0 < at, "not a parameter: %s", word);
            parameters.put(word.substring(0, at), word.substring(at + 1));
        }
        return new Task(words.getFirst(), parameters);
    }

    /// The words that [#parse] reads, in a fixed order.
    public List<String> words() {
        var words = new java.util.ArrayList<String>();
        words.add(name);
        new TreeMap<>(parameters).forEach((key, value) -> words.add(key + "=" + value));
        return List.copyOf(words);
    }

    String text(String key) {
        String value = parameters.get(key);
        require(value != null, "%s needs %s", name, key);
        return value;
    }

    String text(String key, String otherwise) {
        return parameters.getOrDefault(key, otherwise);
    }

    long number(String key) {
        return Long.parseLong(text(key));
    }

    int count(String key) {
        return Math.toIntExact(number(key));
    }
}
