package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls of the commands on sets.
final class SetFamily implements Family {
    @Override
    public Map<String, Rule> rules() {
        return Map.of(
                "SMEMBERS", Rule.UNORDERED,
                "SUNION", Rule.UNORDERED,
                "SINTER", Rule.UNORDERED,
                "SDIFF", Rule.UNORDERED,
                "SSCAN", Rule.SCAN,
                "SRANDMEMBER", Rule.DRAWN,
                "SPOP", Rule.DRAWN);
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        String key = dice.key("s");
        switch (dice.below(14)) {
            case 0, 1, 2 -> {
                add(words, "SADD", key);
                boolean isMass = dice.oneIn(40);
                int members = isMass ? 520 : 1 + dice.below(5);
                boolean areIntegers = dice.oneIn(2);
                for (int i = 0; i < members; i++)
                    words.add(areIntegers || isMass ? i + dice.below(9) + "" : dice.member());
            }
            case 3 -> many(dice, words, "SREM", key);
            case 4 -> many(dice, words, "SMISMEMBER", key);
            case 5 -> add(words, dice.oneOf("SCARD", "SMEMBERS"), key);
            case 6 -> add(words, "SISMEMBER", key, dice.member());
            case 7 -> add(words, "SMOVE", key, dice.key("s"), dice.member());
            case 8 -> {
                add(words, dice.oneOf("SPOP", "SRANDMEMBER"), key);
                if (!dice.oneIn(3)) words.add(dice.count());
            }
            case 9 -> {
                add(words, "SSCAN", key, dice.oneOf("0", "0", "0", "x"));
                dice.scanOptions(words);
            }
            case 10 -> keys(dice, words, dice.oneOf("SUNION", "SINTER", "SDIFF"));
            case 11 -> {
                int count = 1 + dice.below(3);
                add(words, "SINTERCARD", dice.oneIn(10) ? dice.count() : count + "");
                for (int i = 0; i < count; i++) words.add(dice.key("s"));
                if (dice.oneIn(2)) add(words, dice.word("LIMIT"), dice.count());
            }
            case 12 -> {
                words.add(dice.oneOf("SUNIONSTORE", "SINTERSTORE", "SDIFFSTORE"));
                words.add(dice.key("s"));
                for (int i = dice.below(3); 0 <= i; i--) words.add(dice.key("s"));
            }
            default -> add(words, "SADD", key, dice.member());
        }
        return words;
    }

    private static void keys(Dice dice, List<String> words, String name) {
        words.add(name);
        for (int i = dice.below(3); 0 <= i; i--) words.add(dice.key("s"));
    }

    private static void many(Dice dice, List<String> words, String name, String key) {
        add(words, name, key);
        for (int i = dice.below(4); 0 <= i; i--) words.add(dice.member());
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
