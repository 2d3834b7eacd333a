package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls of the commands on sorted sets.
final class ZsetFamily implements Family {
    @Override
    public Map<String, Rule> rules() {
        return Map.of("ZSCAN", Rule.SCAN_PAIRS, "ZRANDMEMBER", Rule.DRAWN);
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        switch (dice.below(5)) {
            case 0, 1 -> change(dice, words);
            case 2 -> look(dice, words);
            case 3 -> range(dice, words);
            default -> combine(dice, words);
        }
        return words;
    }

    private static void change(Dice dice, List<String> words) {
        String key = dice.key("z");
        switch (dice.below(9)) {
            case 0, 1, 2 -> {
                add(words, "ZADD", key);
                for (int i = dice.oneIn(2) ? 0 : dice.below(3); 0 < i; i--)
                    words.add(dice.word(dice.oneOf("NX", "XX", "GT", "LT", "CH", "INCR")));
                for (int i = dice.below(4); 0 <= i; i--) add(words, dice.real(), dice.member());
            }
            case 3 -> {
                add(words, "ZADD", key);
                int members = dice.oneIn(8) ? 200 + dice.below(500) : 2;
                for (int i = 0; i < members; i++)
                    add(words, dice.below(50) - 20 + "", "n" + dice.below(700));
            }
            case 4 -> add(words, "ZINCRBY", key, dice.real(), dice.member());
            case 5 -> {
                add(words, "ZREM", key);
                for (int i = dice.below(4); 0 <= i; i--) words.add(dice.member());
            }
            case 6 -> {
                add(words, dice.oneOf("ZPOPMIN", "ZPOPMAX"), key);
                if (dice.oneIn(2)) words.add(dice.count());
            }
            case 7 -> {
                int count = 1 + dice.below(2);
                add(words, "ZMPOP", dice.oneIn(10) ? dice.count() : count + "");
                for (int i = 0; i < count; i++) words.add(dice.key("z"));
                words.add(dice.word(dice.oneOf("MIN", "MAX")));
                if (dice.oneIn(2)) add(words, dice.word("COUNT"), dice.count());
            }
            default -> {
                if (dice.oneIn(2)) add(words, "ZREMRANGEBYSCORE", key, bound(dice), bound(dice));
                else add(words, "ZREMRANGEBYRANK", key, dice.count(), dice.count());
            }
        }
    }

    private static void look(Dice dice, List<String> words) {
        String key = dice.key("z");
        switch (dice.below(8)) {
            case 0 -> add(words, "ZCARD", key);
            case 1 -> add(words, dice.oneOf("ZSCORE", "ZRANK", "ZREVRANK"), key, member(dice));
            case 2 -> add(words, "ZMSCORE", key, member(dice), member(dice));
            case 3 -> add(words, "ZCOUNT", key, bound(dice), bound(dice));
            case 4 -> {
                add(words, "ZRANDMEMBER", key);
                if (!dice.oneIn(3)) words.add(dice.count());
                if (2 < words.size() && dice.oneIn(2)) words.add(dice.word("WITHSCORES"));
            }
            case 5 -> {
                add(words, "ZSCAN", key, dice.oneOf("0", "0", "0", "x"));
                dice.scanOptions(words);
            }
            default -> add(words, dice.oneOf("ZRANK", "ZREVRANK"), key, "n" + dice.below(700));
        }
    }

    private static void range(Dice dice, List<String> words) {
        String key = dice.key("z");
        switch (dice.below(6)) {
            case 0 -> {
                add(words, dice.oneOf("ZRANGE", "ZREVRANGE"), key, dice.index(), dice.index());
                options(dice, words, "WITHSCORES", "REV");
            }
            case 1 -> {
                String name = dice.oneOf("ZRANGEBYSCORE", "ZREVRANGEBYSCORE");
                add(words, name, key, bound(dice), bound(dice));
                options(dice, words, "WITHSCORES", "LIMIT");
            }
            case 2 -> {
                add(words, "ZRANGE", key, bound(dice), bound(dice), dice.word("BYSCORE"));
                options(dice, words, "WITHSCORES", "LIMIT", "REV");
            }
            case 3 -> {
                add(words, "ZRANGESTORE", dice.key("z"), key);
                if (dice.oneIn(2)) add(words, dice.index(), dice.index());
                else add(words, bound(dice), bound(dice), "BYSCORE");
                options(dice, words, "LIMIT", "REV");
            }
            default -> lex(dice, words);
        }
    }

    // On a key whose members all have one score: for others Redis promises nothing.
    private static void lex(Dice dice, List<String> words) {
        switch (dice.below(6)) {
            case 0, 1 -> {
                add(words, "ZADD", "lex");
                for (int i = dice.oneIn(6) ? 150 : 3; 0 <= i; i--)
                    add(words, "1", "m" + dice.below(400));
            }
            case 2 -> add(words, "ZLEXCOUNT", "lex", lexBound(dice), lexBound(dice));
            case 3 -> {
                String name = dice.oneOf("ZRANGEBYLEX", "ZREVRANGEBYLEX");
                add(words, name, "lex", lexBound(dice), lexBound(dice));
                options(dice, words, "LIMIT", "WITHSCORES");
            }
            case 4 -> {
                add(words, "ZRANGE", "lex", lexBound(dice), lexBound(dice), "BYLEX");
                options(dice, words, "LIMIT", "REV");
            }
            default -> add(words, "ZREMRANGEBYLEX", "lex", "[m" + dice.below(400), lexBound(dice));
        }
    }

    private static void combine(Dice dice, List<String> words) {
        String name = dice.oneOf("ZUNION", "ZINTER", "ZDIFF", "ZINTERCARD");
        boolean isStored = !name.equals("ZINTERCARD") && dice.oneIn(2);
        words.add(isStored ? name + "STORE" : name);
        if (isStored) words.add(dice.key("z"));
        int count = 1 + dice.below(3);
        words.add(dice.oneIn(20) ? dice.count() : count + "");
        for (int i = 0; i < count; i++) words.add(dice.oneIn(4) ? dice.key("s") : dice.key("z"));
        if (dice.oneIn(3)) {
            words.add(dice.word("WEIGHTS"));
            for (int i = 0; i < count; i++) words.add(dice.real());
        }
        if (dice.oneIn(3))
            add(words, dice.word("AGGREGATE"), dice.oneOf("SUM", "MIN", "max", "AVG"));
        if (dice.oneIn(3)) words.add(dice.word("WITHSCORES"));
        if (dice.oneIn(8)) add(words, "LIMIT", dice.count());
    }

    private static void options(Dice dice, List<String> words, String... options) {
        for (String option : options) {
            if (!dice.oneIn(2)) continue;
            words.add(dice.word(option));
            if (option.equals("LIMIT")) add(words, limit(dice), limit(dice));
        }
    }

    private static String limit(Dice dice) {
        return dice.oneIn(12) ? dice.count() : dice.below(6) - 1 + "";
    }

    private static String member(Dice dice) {
        return dice.oneIn(2) ? dice.member() : "n" + dice.below(700);
    }

    private static String bound(Dice dice) {
        String bound =
                switch (dice.below(6)) {
                    case 0 -> dice.oneOf("-inf", "+inf", "inf");
                    case 1 -> dice.real();
                    default -> dice.below(60) - 25 + "";
                };
        return dice.oneIn(3) ? "(" + bound : bound;
    }

    private static String lexBound(Dice dice) {
        return switch (dice.below(8)) {
            case 0 -> "-";
            case 1 -> "+";
            case 2 -> dice.oneOf("", "m", "(", "[", "+x");
            default -> dice.oneOf("[", "(") + "m" + dice.below(400);
        };
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
