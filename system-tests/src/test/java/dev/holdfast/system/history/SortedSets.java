package dev.holdfast.system.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A sorted set of a few members whose scores are whole numbers.
record SortedSets() implements Family {
    private static final int MEMBERS = 5;

    @Override
    public String name() {
        return "zset";
    }

    @Override
    public List<String> look() {
        return List.of("ZRANGE", "0", "-1", "WITHSCORES");
    }

    @Override
    public List<String> request(SplittableRandom chance, String fresh) {
        String member = "m" + chance.nextInt(MEMBERS);
        String score = Integer.toString(chance.nextInt(1, 10));
        return switch (chance.nextInt(14)) {
            case 0, 1, 2 -> List.of("ZADD", score, member);
            case 3, 4 -> List.of("ZINCRBY", score, member);
            case 5, 6 -> List.of("ZREM", member);
            case 7 -> List.of("ZPOPMIN");
            case 8 -> List.of("ZCARD");
            case 9, 10 -> List.of("ZSCORE", member);
            case 11 -> List.of("ZRANK", member);
            default -> look();
        };
    }

    @Override
    public Outcome outcome(List<String> state, List<String> request) {
        TreeMap<String, String> scores = Pairs.of(state);
        String last = request.getLast();
        int before = scores.size();
        switch (request.getFirst()) {
            case "ZADD" -> scores.put(last, request.get(1));
            case "ZREM" -> scores.remove(last);
            case "ZINCRBY" -> {
                String score = plus(scores.getOrDefault(last, "0"), request.get(1));
                scores.put(last, score);
                return new Outcome(Pairs.flat(scores), score);
            }
            case "ZPOPMIN" -> {
                List<String> order = ranked(scores);
                String least = order.isEmpty() ? "[]" : order.subList(0, 2).toString();
                if (!order.isEmpty()) scores.remove(order.getFirst());
                return new Outcome(Pairs.flat(scores), least);
            }
            default -> {
                return new Outcome(state, told(scores, request));
            }
        }
        return Family.counted(Pairs.flat(scores), Math.abs(scores.size() - before));
    }

    private static String told(TreeMap<String, String> scores, List<String> request) {
        List<String> order = ranked(scores);
        String last = request.getLast();
        return switch (request.getFirst()) {
            case "ZCARD" -> Integer.toString(scores.size());
            case "ZSCORE" -> String.valueOf(scores.get(last));
            case "ZRANK" ->
                    scores.containsKey(last) ? Integer.toString(order.indexOf(last) / 2) : "null";
            case "ZRANGE" -> order.toString();
            default -> throw new IllegalArgumentException("no such request: " + request);
        };
    }

    private static String plus(String one, String other) {
        return Long.toString(Long.parseLong(one) + Long.parseLong(other));
    }

    private static List<String> ranked(TreeMap<String, String> scores) {
        List<Map.Entry<String, String>> entries = new ArrayList<>(scores.entrySet());
        entries.sort(Comparator.comparingLong(entry -> Long.parseLong(entry.getValue())));
        var flat = new ArrayList<String>();
        for (Map.Entry<String, String> entry : entries) {
            flat.add(entry.getKey());
            flat.add(entry.getValue());
        }
        return flat;
    }
}
