package dev.holdfast.system.history;

import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A hash of some fields, of which one is a number.
record Hashes() implements Family {
    private static final int FIELDS = 3;
    private static final String NUMBER = "number";

    @Override
    public String name() {
        return "hash";
    }

    @Override
    public List<String> look() {
        return List.of("HGETALL");
    }

    @Override
    public List<String> request(SplittableRandom chance, String fresh) {
        String field = "f" + chance.nextInt(FIELDS);
        return switch (chance.nextInt(14)) {
            case 0, 1 -> List.of("HSET", field, fresh);
            case 2 -> List.of("HSET", "f0", fresh, "f1", fresh);
            case 3 -> List.of("HSETNX", field, fresh);
            case 4, 5 -> List.of("HDEL", field);
            case 6 -> List.of("HDEL", NUMBER);
            case 7, 8 -> List.of("HINCRBY", NUMBER, Integer.toString(chance.nextInt(1, 9)));
            case 9 -> List.of("HLEN");
            case 10, 11 -> List.of("HGET", field);
            default -> look();
        };
    }

    @Override
    public Outcome outcome(List<String> state, List<String> request) {
        TreeMap<String, String> fields = Pairs.of(state);
        int before = fields.size();
        String field = request.size() < 2 ? "" : request.get(1);
        switch (request.getFirst()) {
            case "HSET" -> fields.putAll(Pairs.of(request.subList(1, request.size())));
            case "HSETNX" -> fields.putIfAbsent(field, request.get(2));
            case "HDEL" -> fields.remove(field);
            case "HINCRBY" -> {
                long count = Long.parseLong(fields.getOrDefault(field, "0"));
                count += Long.parseLong(request.get(2));
                fields.put(field, Long.toString(count));
                return Family.counted(Pairs.flat(fields), count);
            }
            case "HLEN" -> {
                return Family.counted(state, before);
            }
            case "HGET" -> {
                return new Outcome(state, String.valueOf(fields.get(field)));
            }
            case "HGETALL" -> {
                return new Outcome(state, state.toString());
            }
            default -> throw new IllegalArgumentException("no such request: " + request);
        }
        return Family.counted(Pairs.flat(fields), Math.abs(fields.size() - before));
    }

    @Override
    public String text(List<String> request, @Nullable Object reply) {
        return String.valueOf(reply instanceof List<?> flat ? Pairs.flat(Pairs.of(flat)) : reply);
    }
}
