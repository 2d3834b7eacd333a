package dev.holdfast.system.history;

import java.util.List;
import java.util.SplittableRandom;

/// A number that is counted up and down.
record Counters() implements Family {
    @Override
    public String name() {
        return "counter";
    }

    @Override
    public List<String> look() {
        return List.of("GET");
    }

    @Override
    public List<String> request(SplittableRandom chance, String fresh) {
        return switch (chance.nextInt(12)) {
            case 0, 1, 2, 3 -> List.of("INCR");
            case 4, 5 -> List.of("DECR");
            case 6, 7 -> List.of("INCRBY", Integer.toString(chance.nextInt(2, 1_000)));
            case 8 -> chance.nextInt(4) == 0 ? List.of("DEL") : List.of("INCR");
            default -> look();
        };
    }

    @Override
    public Outcome outcome(List<String> state, List<String> request) {
        long count = state.isEmpty() ? 0 : Long.parseLong(state.getFirst());
        return switch (request.getFirst()) {
            case "GET" -> new Outcome(state, state.isEmpty() ? "null" : state.getFirst());
            case "INCR" -> counted(count + 1);
            case "DECR" -> counted(count - 1);
            case "INCRBY" -> counted(count + Long.parseLong(request.get(1)));
            case "DEL" -> Family.counted(List.of(), state.size());
            default -> throw new IllegalArgumentException("no such request: " + request);
        };
    }

    private static Outcome counted(long count) {
        return Family.counted(List.of(Long.toString(count)), count);
    }
}
