package dev.holdfast.system.history;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A stream that is added to and trimmed. Its ids are the server's, and not compared.
record Streams() implements Family {
    private static final String FIELD = "v";

    @Override
    public String name() {
        return "stream";
    }

    @Override
    public List<String> look() {
        return List.of("XRANGE", "-", "+");
    }

    @Override
    public List<String> request(SplittableRandom chance, String fresh) {
        return switch (chance.nextInt(8)) {
            case 0, 1, 2 -> List.of("XADD", "*", FIELD, fresh);
            case 3 -> List.of("XADD", "MAXLEN", "6", "*", FIELD, fresh);
            case 4 -> List.of("XTRIM", "MAXLEN", "3");
            case 5 -> List.of("XLEN");
            default -> look();
        };
    }

    @Override
    public Outcome outcome(List<String> state, List<String> request) {
        var after = new ArrayList<>(state);
        return switch (request.getFirst()) {
            case "XLEN" -> Family.counted(state, state.size());
            case "XRANGE" -> new Outcome(state, state.toString());
            case "XADD" -> {
                after.add(request.getLast());
                yield new Outcome(request.contains("MAXLEN") ? newest(after, 6) : after, "id");
            }
            case "XTRIM" -> {
                List<String> left = newest(after, 3);
                yield Family.counted(left, state.size() - left.size());
            }
            default -> throw new IllegalArgumentException("no such request: " + request);
        };
    }

    private static List<String> newest(List<String> entries, int count) {
        return entries.subList(Math.max(0, entries.size() - count), entries.size());
    }

    @Override
    public String text(List<String> request, @Nullable Object reply) {
        if (request.getFirst().equals("XADD") && reply instanceof String) return "id";
        if (!(reply instanceof List<?> entries)) return String.valueOf(reply);
        return entries.stream()
                .map(entry -> ((List<?>) ((List<?>) entry).get(1)).get(1))
                .toList()
                .toString();
    }
}
