package dev.holdfast.simulation.transact;

import dev.holdfast.engine.api.Durability;
import dev.holdfast.simulation.check.Transaction;
import dev.holdfast.simulation.check.Transaction.Outcome;
import dev.holdfast.simulation.check.Transaction.Step;
import dev.holdfast.simulation.check.Transaction.Step.Append;
import dev.holdfast.simulation.check.Transaction.Step.Read;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What clients note as lines of text, so that it outlives their process: of each transaction one
/// line before it commits, and one when it is over.
///
/// ```
/// commit 17 4711 r:r000000=1,2 a:v000001=9
/// end 17 5000 durable
/// ```
public final class NotedText {
    private final Map<Integer, Noted> byId = new LinkedHashMap<>();

    /// The line before the commit.
    public static String committing(Noted noted) {
        Transaction told = noted.inLife();
        String steps = told.steps().stream().map(NotedText::step).collect(Collectors.joining(" "));
        return "commit " + told.id() + " " + told.call() + " " + steps;
    }

    private static String step(Step step) {
        return switch (step) {
            case Append(String key, int element) -> "a:" + key + "=" + element;
            case Read(String key, List<Integer> elements) ->
                    "r:" + key + "=" + (elements == null ? "?" : text(elements));
        };
    }

    private static String text(List<Integer> elements) {
        return elements.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /// The line when it is over.
    public static String ended(Noted noted) {
        String outcome =
                switch (noted.inLife().outcome()) {
                    case ABORTED -> "aborted";
                    case UNKNOWN -> "unknown";
                    case COMMITTED ->
                            noted.everywhere().outcome() == Outcome.COMMITTED
                                    ? "durable"
                                    : "committed";
                };
        return "end " + noted.inLife().id() + " " + noted.inLife().end() + " " + outcome;
    }

    /// Takes a line in, if it is one of these.
    public void add(String line) {
        String[] words = line.strip().split(" ");
        if (words[0].equals("commit") && 3 <= words.length) begin(words);
        if (words[0].equals("end") && words.length == 4) end(words);
    }

    private void begin(String[] words) {
        var noted = new Noted(Integer.parseInt(words[1]), Long.parseLong(words[2]));
        for (int i = 3; i < words.length; i++) noted.add(step(words[i]));
        byId.put(Integer.valueOf(words[1]), noted);
    }

    private static Step step(String word) {
        int split = word.indexOf('=');
        String key = word.substring(2, split);
        String value = word.substring(split + 1);
        if (word.startsWith("a:")) return new Append(key, Integer.parseInt(value));
        return new Read(key, value.equals("?") ? null : elements(value));
    }

    private static List<Integer> elements(String value) {
        if (value.isEmpty()) return List.of();
        return Stream.of(value.split(",")).map(Integer::valueOf).toList();
    }

    // Of those that never came to their commit nothing is noted.
    private void end(String[] words) {
        Noted noted = byId.get(Integer.valueOf(words[1]));
        if (noted == null) return;
        long now = Long.parseLong(words[2]);
        switch (words[3]) {
            case "durable" -> noted.committed(now, Durability.REMOTE);
            case "committed" -> noted.committed(now, Durability.MEMORY);
            case "aborted" -> noted.aborted();
            default -> {}
        }
    }

    /// All that was noted.
    public List<Noted> all() {
        return new ArrayList<>(byId.values());
    }
}
