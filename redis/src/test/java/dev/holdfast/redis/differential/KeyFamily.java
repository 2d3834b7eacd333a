package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls of the commands on keys of all types, and on databases.
final class KeyFamily implements Family {
    @Override
    public Map<String, Rule> rules() {
        return Map.of(
                "KEYS", Rule.UNORDERED,
                "SCAN", Rule.SCAN,
                "TTL", Rule.TIME,
                "PTTL", Rule.TIME_MILLIS,
                "EXPIRETIME", Rule.TIME,
                "PEXPIRETIME", Rule.TIME_MILLIS,
                "RANDOMKEY", Rule.KIND);
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        if (dice.oneIn(3)) expiry(dice, words);
        else if (dice.oneIn(2)) key(dice, words);
        else database(dice, words);
        return words;
    }

    private static void expiry(Dice dice, List<String> words) {
        String key = dice.anyKey();
        switch (dice.below(5)) {
            case 0, 1 -> {
                add(words, dice.oneOf("EXPIRE", "PEXPIRE"), key);
                words.add(dice.oneIn(4) ? dice.amount() : dice.farAway());
                if (dice.oneIn(2)) words.add(dice.oneOf("NX", "XX", "GT", "LT", "lt"));
                if (dice.oneIn(8)) words.add(dice.oneOf("NX", "XX", "GT", "LT", "no"));
            }
            case 2 -> {
                String time = Long.toString(dice.below(2_000_000_000) * 2L);
                add(words, dice.oneOf("EXPIREAT", "PEXPIREAT"), key, time);
                if (dice.oneIn(2)) words.add(dice.oneOf("NX", "XX", "GT", "LT"));
            }
            default ->
                    add(
                            words,
                            dice.oneOf("TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME", "PERSIST"),
                            key);
        }
    }

    private static void key(Dice dice, List<String> words) {
        String key = dice.anyKey();
        String same =
                dice.oneIn(3) ? dice.anyKey() : dice.key(key.isEmpty() ? "k" : key.charAt(0) + "");
        switch (dice.below(8)) {
            case 0 -> add(words, dice.oneOf("RENAME", "RENAMENX"), key, same);
            case 1 -> {
                add(words, "COPY", key, same);
                if (dice.oneIn(3)) add(words, "DB", dice.database());
                if (dice.oneIn(2)) words.add("REPLACE");
            }
            case 2 -> add(words, "MOVE", key, dice.database());
            case 3 -> add(words, "TYPE", key);
            case 4, 5 -> add(words, "OBJECT", dice.oneOf("ENCODING", "encoding"), key);
            default -> {
                words.add(dice.oneOf("EXISTS", "TOUCH", "DEL", "UNLINK"));
                for (int i = dice.below(3); 0 <= i; i--) words.add(dice.anyKey());
            }
        }
    }

    private static void database(Dice dice, List<String> words) {
        switch (dice.below(10)) {
            case 0 -> add(words, "KEYS", dice.pattern());
            case 1, 2 -> {
                String cursor = dice.oneOf("0", "0", "0", "abc", "", "18446744073709551616");
                add(words, "SCAN", cursor);
                if (dice.oneIn(2)) add(words, "MATCH", dice.pattern());
                if (dice.oneIn(3)) add(words, "TYPE", dice.oneOf("string", "LIST", "none", "zset"));
                String most = "9223372036854775807";
                add(words, "COUNT", dice.oneOf("1000", "1000", most, "0", "-1", "abc"));
            }
            case 3 -> words.add("DBSIZE");
            case 4 -> words.add("RANDOMKEY");
            case 5 -> add(words, "OBJECT", dice.oneOf("FREQ", "HELP", "NONE"), dice.anyKey());
            case 6 -> {
                if (dice.oneIn(3)) add(words, "SWAPDB", dice.database(), dice.database());
                else add(words, "SELECT", "0");
            }
            case 7 -> {
                if (dice.oneIn(20)) words.add(dice.oneOf("FLUSHDB", "FLUSHALL"));
                else add(words, "SELECT", dice.oneOf("0", "0", "1"));
            }
            default -> add(words, "TYPE", dice.anyKey());
        }
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
