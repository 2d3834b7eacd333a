package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls of SORT, and of what it sorts. It keeps nothing: see [Differences].
final class SortFamily implements Family {
    @Override
    public Map<String, Rule> rules() {
        return Map.of();
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        switch (dice.below(8)) {
            case 0 -> {
                add(words, "RPUSH", "sl" + dice.below(3));
                for (int i = dice.below(6); 0 <= i; i--) words.add(element(dice));
            }
            case 1 -> {
                add(words, "SADD", "ss" + dice.below(3));
                for (int i = dice.below(6); 0 <= i; i--) words.add(element(dice));
            }
            case 2 -> add(words, "ZADD", "sz" + dice.below(3), dice.below(9) + "", element(dice));
            case 3 -> add(words, "SET", "w" + dice.below(30), dice.below(30) + "." + dice.below(9));
            case 4 -> add(words, "HSET", "o" + dice.below(30), "f", dice.value());
            case 5 -> add(words, "LRANGE", "sl" + dice.below(3), "0", "-1");
            default -> sort(dice, words);
        }
        return words;
    }

    private static void sort(Dice dice, List<String> words) {
        boolean isOfSet = dice.oneIn(3);
        String key = isOfSet ? "ss" : dice.oneOf("sl", "sz", "sl", "h", "none");
        add(words, dice.oneIn(6) ? "SORT_RO" : "SORT", key + dice.below(3));
        // In no order that Redis promises: a set as it is, which another family may have put
        // under any key but those of this one, and equal weights as texts.
        boolean hasOrder = key.equals("sl") || key.equals("sz");
        if (dice.oneIn(3)) add(words, "BY", hasOrder ? dice.oneOf("w*", "nosort", "w*") : "w*");
        else if (dice.oneIn(2)) words.add(dice.word("ALPHA"));
        if (dice.oneIn(3)) add(words, dice.word("LIMIT"), limit(dice), limit(dice));
        if (dice.oneIn(2)) words.add(dice.word(dice.oneOf("ASC", "DESC")));
        for (int i = dice.below(3); 0 < i; i--)
            add(words, "GET", dice.oneOf("#", "w*", "o*->f", "o*->", "nothing", "*->f"));
    }

    private static String limit(Dice dice) {
        return dice.oneIn(10) ? dice.count() : dice.below(5) - 1 + "";
    }

    // Redis compares strings up to their first zero byte: which of two that are alike up to there
    // comes first is not told.
    private static String element(Dice dice) {
        String drawn = dice.oneIn(25) ? dice.value() : Integer.toString(dice.below(30));
        return drawn.indexOf('\0') < 0 ? drawn : "zero";
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
