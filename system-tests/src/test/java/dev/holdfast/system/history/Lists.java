package dev.holdfast.system.history;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A list that is pushed to and popped from at both ends.
record Lists() implements Family {
    @Override
    public String name() {
        return "list";
    }

    @Override
    public List<String> look() {
        return List.of("LRANGE", "0", "-1");
    }

    @Override
    public List<String> request(SplittableRandom chance, String fresh) {
        return switch (chance.nextInt(14)) {
            case 0, 1 -> List.of("LPUSH", fresh);
            case 2, 3 -> List.of("RPUSH", fresh);
            case 4, 5 -> List.of("LPOP");
            case 6, 7 -> List.of("RPOP");
            case 8 -> List.of("LLEN");
            case 9 -> List.of("LINDEX", "-1");
            case 10 -> List.of("LTRIM", "0", "7");
            case 11 -> List.of("RPUSHX", fresh);
            default -> look();
        };
    }

    @Override
    public Outcome outcome(List<String> state, List<String> request) {
        var after = new ArrayList<>(state);
        boolean isEmpty = state.isEmpty();
        return switch (request.getFirst()) {
            case "LRANGE" -> new Outcome(state, state.toString());
            case "LLEN" -> Family.counted(state, state.size());
            case "LINDEX" -> new Outcome(state, isEmpty ? "null" : state.getLast());
            case "LPUSH" -> {
                after.addFirst(request.get(1));
                yield Family.counted(after, after.size());
            }
            case "RPUSH" -> {
                after.addLast(request.get(1));
                yield Family.counted(after, after.size());
            }
            case "RPUSHX" -> {
                if (!isEmpty) after.addLast(request.get(1));
                yield Family.counted(after, after.size());
            }
            case "LPOP" -> new Outcome(after, isEmpty ? "null" : after.removeFirst());
            case "RPOP" -> new Outcome(after, isEmpty ? "null" : after.removeLast());
            case "LTRIM" -> new Outcome(state.subList(0, Math.min(8, state.size())), "OK");
            default -> throw new IllegalArgumentException("no such request: " + request);
        };
    }
}
