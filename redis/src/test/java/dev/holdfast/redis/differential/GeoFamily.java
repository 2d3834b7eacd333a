package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls of the commands on places of the earth.
final class GeoFamily implements Family {
    @Override
    public Map<String, Rule> rules() {
        return Map.of(
                "GEOSEARCH", Rule.UNORDERED,
                "GEORADIUS", Rule.UNORDERED,
                "GEORADIUS_RO", Rule.UNORDERED,
                "GEORADIUSBYMEMBER", Rule.UNORDERED,
                "GEORADIUSBYMEMBER_RO", Rule.UNORDERED);
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        String key = "g" + dice.below(3);
        switch (dice.below(9)) {
            case 0, 1 -> {
                add(words, "GEOADD", dice.oneIn(20) ? dice.key("k") : key);
                if (dice.oneIn(5)) words.add(dice.oneOf("NX", "XX", "CH", "ch", "GT"));
                for (int i = dice.below(5); 0 <= i; i--) {
                    place(dice, words);
                    words.add(member(dice));
                }
            }
            case 2 -> add(words, dice.oneOf("GEOPOS", "GEOHASH"), key, member(dice), member(dice));
            case 3 -> {
                add(words, "GEODIST", key, member(dice), member(dice));
                if (dice.oneIn(2)) words.add(unit(dice));
            }
            case 4 -> {
                words.add(dice.oneOf("GEORADIUS", "GEORADIUS_RO"));
                words.add(key);
                place(dice, words);
                add(words, distance(dice), unit(dice));
                options(dice, words);
            }
            case 5 -> {
                words.add(dice.oneOf("GEORADIUSBYMEMBER", "GEORADIUSBYMEMBER_RO"));
                add(words, key, member(dice), distance(dice), unit(dice));
                options(dice, words);
            }
            default -> search(dice, words, key);
        }
        return words;
    }

    private static void search(Dice dice, List<String> words, String key) {
        boolean isStored = dice.oneIn(4);
        words.add(isStored ? "GEOSEARCHSTORE" : "GEOSEARCH");
        if (isStored) words.add(dice.oneOf("gd1", "gd2"));
        words.add(key);
        if (dice.oneIn(2)) add(words, dice.word("FROMMEMBER"), member(dice));
        else if (!dice.oneIn(20)) {
            words.add(dice.word("FROMLONLAT"));
            place(dice, words);
        }
        if (dice.oneIn(2)) add(words, dice.word("BYRADIUS"), distance(dice), unit(dice));
        else if (!dice.oneIn(20))
            add(words, dice.word("BYBOX"), distance(dice), distance(dice), unit(dice));
        if (isStored && dice.oneIn(3)) words.add("STOREDIST");
        options(dice, words);
    }

    private static void options(Dice dice, List<String> words) {
        for (String option : List.of("WITHDIST", "WITHHASH", "WITHCOORD"))
            if (dice.oneIn(4)) words.add(dice.word(option));
        if (dice.oneIn(2)) words.add(dice.word(dice.oneOf("ASC", "DESC")));
        if (dice.oneIn(3)) add(words, dice.word("COUNT"), dice.count());
        if (dice.oneIn(30)) words.add("ANY");
        if (dice.oneIn(8)) add(words, dice.oneOf("STORE", "STOREDIST"), dice.oneOf("gd1", "gd2"));
    }

    private static void place(Dice dice, List<String> words) {
        boolean isStrange = dice.oneIn(25);
        words.add(isStrange ? dice.real() : degrees(dice, 180));
        words.add(isStrange ? dice.real() : degrees(dice, 85));
    }

    // Half of them in one country.
    private static String degrees(Dice dice, int most) {
        double part = dice.below(1_000_000) / 1_000_000.0;
        return Double.toString(dice.oneIn(2) ? 10 + part * 10 : (2 * part - 1) * most);
    }

    private static String distance(Dice dice) {
        return switch (dice.below(12)) {
            case 0 -> dice.real();
            case 1 -> "0";
            case 2 -> Integer.toString(dice.below(30_000_000));
            default -> Integer.toString(1 + dice.below(2_000));
        };
    }

    private static String unit(Dice dice) {
        return dice.oneOf("m", "km", "km", "KM", "ft", "mi", dice.oneIn(10) ? "x" : "km");
    }

    private static String member(Dice dice) {
        return "m" + dice.below(60);
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
