package dev.holdfast.system.history;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A set of a few members that come and go.
record Sets() implements Family {
    private static final int MEMBERS = 6;

    @Override
    public String name() {
        return "set";
    }

    @Override
    public List<String> look() {
        return List.of("SMEMBERS");
    }

    @Override
    public List<String> request(SplittableRandom chance, String fresh) {
        String member = "m" + chance.nextInt(MEMBERS);
        return switch (chance.nextInt(12)) {
            case 0, 1, 2 -> List.of("SADD", member);
            case 3 -> List.of("SADD", member, "m0", "m1");
            case 4, 5, 6 -> List.of("SREM", member);
            case 7 -> List.of("SCARD");
            case 8, 9 -> List.of("SISMEMBER", member);
            default -> look();
        };
    }

    @Override
    public Outcome outcome(List<String> state, List<String> request) {
        var members = new TreeSet<>(state);
        var named = new TreeSet<>(request.subList(1, request.size()));
        switch (request.getFirst()) {
            case "SADD" -> members.addAll(named);
            case "SREM" -> members.removeAll(named);
            case "SISMEMBER" -> {
                return Family.counted(state, members.containsAll(named) ? 1 : 0);
            }
            case "SCARD" -> {
                return Family.counted(state, state.size());
            }
            case "SMEMBERS" -> {
                return new Outcome(state, state.toString());
            }
            default -> throw new IllegalArgumentException("no such request: " + request);
        }
        int change = Math.abs(members.size() - state.size());
        return Family.counted(new ArrayList<>(members), change);
    }

    @Override
    public String text(List<String> request, @Nullable Object reply) {
        return String.valueOf(reply instanceof List<?> members ? new TreeSet<>(members) : reply);
    }
}
