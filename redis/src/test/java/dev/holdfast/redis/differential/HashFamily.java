package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls of the commands on hashes.
final class HashFamily implements Family {
    @Override
    public Map<String, Rule> rules() {
        return Map.of(
                "HGETALL", Rule.UNORDERED_PAIRS,
                "HKEYS", Rule.UNORDERED,
                "HVALS", Rule.UNORDERED,
                "HSCAN", Rule.SCAN_PAIRS,
                "HRANDFIELD", Rule.DRAWN);
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        String key = dice.key("h");
        switch (dice.below(14)) {
            case 0, 1, 2 -> {
                add(words, dice.oneOf("HSET", "HSET", "HMSET"), key);
                int fields = dice.oneIn(30) ? 140 : 1 + dice.below(4);
                for (int i = 0; i < fields; i++)
                    add(words, fields > 10 ? "f" + i : dice.member(), dice.value());
            }
            case 3 -> add(words, "HSETNX", key, dice.member(), dice.value());
            case 4 -> add(words, dice.oneOf("HGET", "HEXISTS", "HSTRLEN"), key, dice.member());
            case 5 -> many(dice, words, "HMGET", key);
            case 6 -> many(dice, words, "HDEL", key);
            case 7 -> add(words, dice.oneOf("HLEN", "HGETALL", "HKEYS", "HVALS"), key);
            case 8 -> add(words, "HINCRBY", key, dice.member(), dice.integer());
            case 9 -> add(words, "HINCRBYFLOAT", key, dice.member(), dice.real());
            case 10 -> {
                add(words, "HRANDFIELD", key);
                if (!dice.oneIn(3)) words.add(dice.count());
                if (2 < words.size() && dice.oneIn(2)) words.add(dice.word("WITHVALUES"));
            }
            case 11 -> {
                add(words, "HSCAN", key, dice.oneOf("0", "0", "0", "x"));
                dice.scanOptions(words);
            }
            default -> add(words, "HSET", key, dice.member(), dice.real());
        }
        return words;
    }

    private static void many(Dice dice, List<String> words, String name, String key) {
        add(words, name, key);
        for (int i = dice.below(4); 0 <= i; i--) words.add(dice.member());
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
