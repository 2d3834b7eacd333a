package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls of the commands on the bits of strings.
final class BitFamily implements Family {
    @Override
    public Map<String, Rule> rules() {
        return Map.of();
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        String key = dice.oneIn(6) ? dice.key("k") : dice.key("b");
        switch (dice.below(9)) {
            case 0, 1 ->
                    add(words, "SETBIT", key, offset(dice), dice.oneOf("0", "1", "1", "1", "2"));
            case 2 -> add(words, "GETBIT", key, offset(dice));
            case 3 -> {
                add(words, "BITCOUNT", key);
                if (dice.oneIn(3)) add(words, dice.index(), dice.index());
                if (dice.oneIn(3)) words.add(dice.oneOf("BIT", "BYTE", "bit", "x"));
            }
            case 4 -> {
                add(words, "BITPOS", key, dice.oneOf("0", "1", "0", "1", "2", "x"));
                if (dice.oneIn(2)) words.add(dice.index());
                if (3 < words.size() && dice.oneIn(2)) words.add(dice.index());
                if (4 < words.size() && dice.oneIn(2)) words.add(dice.oneOf("BIT", "BYTE", "x"));
            }
            case 5 -> {
                add(
                        words,
                        "BITOP",
                        dice.oneOf("AND", "OR", "XOR", "NOT", "and", "NAND"),
                        dice.key("b"));
                for (int i = dice.below(3); 0 <= i; i--) words.add(dice.key("b"));
            }
            case 6 -> add(words, "SET", key, dice.value());
            default -> field(dice, words, key);
        }
        return words;
    }

    private static void field(Dice dice, List<String> words, String key) {
        add(words, dice.oneIn(5) ? "BITFIELD_RO" : "BITFIELD", key);
        for (int i = dice.below(4); 0 < i; i--) {
            if (dice.oneIn(3))
                add(words, "OVERFLOW", dice.oneOf("WRAP", "SAT", "FAIL", "sat", "x"));
            String type = dice.oneOf("i", "u") + (1 + dice.below(dice.oneIn(9) ? 70 : 63));
            String at = dice.oneIn(3) ? "#" + dice.below(20) : offset(dice);
            switch (dice.below(3)) {
                case 0 -> add(words, "GET", type, at);
                case 1 -> add(words, "SET", type, at, number(dice));
                default -> add(words, "INCRBY", type, at, number(dice));
            }
        }
    }

    private static String number(Dice dice) {
        return dice.oneIn(3) ? dice.integer() : Long.toString(dice.word64() >> dice.below(64));
    }

    private static String offset(Dice dice) {
        return dice.oneIn(12)
                ? dice.oneOf("-1", "x", "", "4294967296", "1e3")
                : Integer.toString(dice.below(dice.oneIn(20) ? 400_000 : 300));
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
