package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls of the commands on lists, those that wait included: these for a moment only.
final class ListFamily implements Family {
    private static final String[] STRANGE_TIMEOUTS = {"-1", "abc", "", "1e300", "inf", "nan"};

    @Override
    public Map<String, Rule> rules() {
        return Map.of();
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        switch (dice.below(20)) {
            case 0, 1, 2, 3, 4 -> {
                add(words, dice.oneOf("LPUSH", "RPUSH", "LPUSHX", "RPUSHX"), dice.key("l"));
                for (int i = dice.below(5); 0 <= i; i--) words.add(element(dice));
            }
            case 5 -> {
                add(words, dice.oneOf("LPOP", "RPOP"), dice.key("l"));
                if (dice.oneIn(2)) words.add(dice.count());
            }
            case 6 -> add(words, "LRANGE", dice.key("l"), dice.index(), dice.index());
            case 7 -> add(words, "LINDEX", dice.key("l"), dice.index());
            case 8 -> add(words, "LSET", dice.key("l"), dice.index(), element(dice));
            case 9, 10 -> {
                add(words, "LINSERT", dice.key("l"));
                words.add(dice.oneIn(20) ? "foo" : dice.oneOf("BEFORE", "after"));
                add(words, element(dice), element(dice));
            }
            case 11 -> add(words, "LREM", dice.key("l"), dice.index(), element(dice));
            case 12 -> {
                if (dice.oneIn(3)) add(words, "LTRIM", dice.key("l"), dice.index(), dice.index());
                else add(words, "LLEN", dice.key("l"));
            }
            case 13 -> position(dice, words);
            case 14 -> add(words, "RPOPLPUSH", dice.key("l"), dice.key("l"));
            case 15 -> add(words, "LMOVE", dice.key("l"), dice.key("l"), end(dice), end(dice));
            case 16 -> {
                words.add("LMPOP");
                keysAndEnd(dice, words);
            }
            default -> waiting(dice, words);
        }
        return words;
    }

    private static void position(Dice dice, List<String> words) {
        add(words, "LPOS", dice.key("l"), element(dice));
        if (dice.oneIn(2)) add(words, "RANK", dice.index());
        if (dice.oneIn(2)) add(words, "COUNT", dice.count());
        if (dice.oneIn(3)) add(words, "MAXLEN", dice.count());
    }

    private static void keysAndEnd(Dice dice, List<String> words) {
        int count = 1 + dice.below(3);
        words.add(dice.oneIn(10) ? dice.count() : Integer.toString(count));
        for (int i = 0; i < count; i++) words.add(dice.key("l"));
        words.add(end(dice));
        if (dice.oneIn(2)) add(words, "COUNT", dice.count());
    }

    private static void waiting(Dice dice, List<String> words) {
        String seconds = dice.oneIn(10) ? dice.oneOf(STRANGE_TIMEOUTS) : "0.001";
        switch (dice.below(4)) {
            case 0 -> {
                words.add(dice.oneOf("BLPOP", "BRPOP"));
                for (int i = dice.below(3); 0 <= i; i--) words.add(dice.key("l"));
                words.add(seconds);
            }
            case 1 -> add(words, "BRPOPLPUSH", dice.key("l"), dice.key("l"), seconds);
            case 2 -> {
                add(words, "BLMOVE", dice.key("l"), dice.key("l"), end(dice), end(dice));
                words.add(seconds);
            }
            default -> {
                add(words, "BLMPOP", seconds);
                keysAndEnd(dice, words);
            }
        }
    }

    private static String end(Dice dice) {
        return dice.oneIn(20) ? "middle" : dice.oneOf("LEFT", "RIGHT", "left");
    }

    private static String element(Dice dice) {
        return dice.oneIn(4) ? dice.member() : dice.oneOf("a", "b", "c");
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
