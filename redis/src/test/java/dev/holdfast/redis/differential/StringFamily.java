package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls of the commands on strings.
final class StringFamily implements Family {
    @Override
    public Map<String, Rule> rules() {
        return Map.of();
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        if (dice.oneIn(2)) whole(dice, words);
        else part(dice, words);
        return words;
    }

    private static void whole(Dice dice, List<String> words) {
        String key = dice.key("k");
        switch (dice.below(8)) {
            case 0 -> add(words, dice.oneOf("GET", "STRLEN", "GETDEL"), key);
            case 1 -> add(words, dice.oneOf("GETSET", "SETNX", "APPEND"), key, dice.value());
            case 2 -> {
                add(words, dice.oneOf("MSET", "MSETNX"));
                for (int i = dice.below(4); 0 <= i; i--) add(words, dice.key("k"), dice.value());
            }
            case 3 -> {
                add(words, "MGET");
                for (int i = dice.below(4); 0 <= i; i--) words.add(dice.key("k"));
            }
            case 4 -> add(words, dice.oneOf("SETEX", "PSETEX"), key, dice.amount(), dice.value());
            case 5 -> {
                add(words, "GETEX", key);
                expiryOption(dice, words);
            }
            default -> set(dice, words);
        }
    }

    private static void set(Dice dice, List<String> words) {
        add(words, "SET", dice.key("k"), dice.value());
        if (dice.oneIn(3)) expiryOption(dice, words);
        for (int i = dice.below(3); 0 < i; i--)
            words.add(dice.oneOf("NX", "XX", "GET", "KEEPTTL", "get", dice.strangeOption()));
    }

    private static void expiryOption(Dice dice, List<String> words) {
        switch (dice.below(5)) {
            case 0 -> add(words, dice.oneOf("EX", "PX", "px"), dice.amount());
            case 1 -> add(words, "EXAT", Long.toString(4_000_000_000L + dice.below(1000)));
            case 2 -> add(words, "PXAT", Long.toString(4_000_000_000_000L + dice.below(1000)));
            case 3 -> words.add(dice.oneOf("PERSIST", "KEEPTTL"));
            default -> {}
        }
    }

    private static void part(Dice dice, List<String> words) {
        String key = dice.key("k");
        switch (dice.below(8)) {
            case 0 -> add(words, dice.oneOf("INCR", "DECR"), key);
            case 1 -> add(words, dice.oneOf("INCRBY", "DECRBY"), key, dice.integer());
            case 2 -> add(words, "INCRBYFLOAT", key, dice.real());
            case 3 -> add(words, dice.oneOf("GETRANGE", "SUBSTR"), key, dice.index(), dice.index());
            case 4 -> add(words, "SETRANGE", key, dice.index(), dice.value());
            case 5 -> add(words, "APPEND", key, dice.value());
            case 6 -> add(words, "SET", key, dice.oneOf(dice.integer(), dice.real()));
            default -> {
                add(words, "LCS", "k" + dice.below(5), "k" + dice.below(5));
                for (int i = dice.below(4); 0 < i; i--)
                    words.add(dice.oneOf("LEN", "IDX", "WITHMATCHLEN", "MINMATCHLEN", "1", "2"));
            }
        }
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
