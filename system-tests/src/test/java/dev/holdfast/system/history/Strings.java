package dev.holdfast.system.history;

import java.util.List;
import java.util.SplittableRandom;

/// A string that is set, taken and compared. `CAS expected value` stands for WATCH, GET, MULTI,
/// SET, EXEC.
record Strings() implements Family {
    static final String CAS = "CAS";
    private static final String OK = "OK";

    @Override
    public String name() {
        return "string";
    }

    @Override
    public List<String> look() {
        return List.of("GET");
    }

    @Override
    public List<String> request(SplittableRandom chance, String fresh) {
        return switch (chance.nextInt(12)) {
            case 0, 1, 2 -> List.of("SET", fresh);
            case 3 -> List.of("SET", fresh, "NX");
            case 4 -> List.of("SET", fresh, "XX", "GET");
            case 5 -> List.of("GETSET", fresh);
            case 6 -> List.of("DEL");
            case 7 -> List.of("GETDEL");
            case 8 -> List.of("APPEND", ".");
            default -> look();
        };
    }

    @Override
    public Outcome outcome(List<String> state, List<String> request) {
        String value = state.isEmpty() ? "null" : state.getFirst();
        List<String> next = request.size() < 2 ? List.of() : List.of(request.get(1));
        return switch (request.getFirst()) {
            case "GET" -> new Outcome(state, value);
            case "SET" -> set(state, request, next);
            case "GETSET" -> new Outcome(next, value);
            case "GETDEL" -> new Outcome(List.of(), value);
            case CAS ->
                    value.equals(request.get(1))
                            ? new Outcome(List.of(request.get(2)), OK)
                            : new Outcome(state, "null");
            case "DEL" -> Family.counted(List.of(), state.size());
            case "APPEND" -> {
                String longer = (state.isEmpty() ? "" : value) + request.get(1);
                yield Family.counted(List.of(longer), longer.length());
            }
            default -> throw new IllegalArgumentException("no such request: " + request);
        };
    }

    private static Outcome set(List<String> state, List<String> request, List<String> next) {
        String value = state.isEmpty() ? "null" : state.getFirst();
        if (request.contains("NX"))
            return state.isEmpty() ? new Outcome(next, OK) : new Outcome(state, "null");
        if (request.contains("XX")) return new Outcome(state.isEmpty() ? state : next, value);
        return new Outcome(next, OK);
    }
}
