package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls of the commands on streams. What is trimmed with `~` is left to the server, and so not
/// compared.
///
/// XSETID never goes back to between the last entry and one that was deleted: the nodes of Redis
/// are then no longer in order, and it trims less than it is asked to.
final class StreamFamily implements Family {
    private static final String[] STRANGE_IDS = {
        "0-0", "0", "99999999999999999999", "abc", "1-", "-1", "-", "+", "5-*", "", "007", "1-x"
    };

    private static final String[] LAST_IDS = {
        "18446744073709551615-18446744073709551615", "18446744073709551615"
    };

    private int clock;

    @Override
    public Map<String, Rule> rules() {
        return Map.of("XINFO", Rule.NUMBERS, "XINFO GROUPS", Rule.EQUAL, "XPENDING", Rule.NUMBERS);
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        switch (dice.below(22)) {
            case 0, 1, 2, 3, 4, 5 -> add(dice, words);
            case 6 -> add(words, "XLEN", dice.key("x"));
            case 7, 8 -> range(dice, words);
            case 9 -> ids(dice, words, "XDEL", dice.key("x"));
            case 10 -> {
                add(words, "XTRIM", dice.key("x"));
                trim(dice, words);
            }
            case 11 -> read(dice, words);
            case 12, 13, 14 -> readGroup(dice, words);
            case 15 -> group(dice, words);
            case 16 -> ids(dice, words, "XACK", dice.key("x"), groupName(dice));
            case 17 -> pending(dice, words);
            case 18 -> claim(dice, words);
            case 19 -> {
                add(words, "XAUTOCLAIM", dice.key("x"), groupName(dice), consumer(dice), "0");
                words.add(dice.oneIn(3) ? from(dice) : "0");
                if (dice.oneIn(2)) add(words, "COUNT", dice.count());
                if (dice.oneIn(3)) words.add("JUSTID");
            }
            case 20 -> about(dice, words);
            default -> {
                String behind = clock + 2 + "-9";
                String id = dice.oneIn(8) ? dice.oneOf(LAST_IDS) : dice.oneOf("0-1", behind);
                add(words, "XSETID", dice.key("x"), dice.oneIn(12) ? dice.oneOf(STRANGE_IDS) : id);
                if (dice.oneIn(2)) add(words, "ENTRIESADDED", dice.count());
                if (dice.oneIn(2)) add(words, "MAXDELETEDID", id(dice));
            }
        }
        return words;
    }

    private void add(Dice dice, List<String> words) {
        add(words, "XADD", dice.key("x"));
        if (dice.oneIn(10)) words.add("NOMKSTREAM");
        if (dice.oneIn(6)) trim(dice, words);
        clock += dice.below(3);
        boolean isInOrder = !dice.oneIn(8);
        words.add(isInOrder ? clock + "-" + dice.oneOf("*", "1", "2", "3") : nearId(dice));
        for (int i = dice.below(2); 0 <= i; i--) add(words, dice.member(), dice.value());
    }

    private void trim(Dice dice, List<String> words) {
        boolean isLength = dice.oneIn(2);
        words.add(isLength ? "MAXLEN" : "MINID");
        if (dice.oneIn(2)) words.add("=");
        words.add(isLength ? dice.count() : id(dice));
        if (dice.oneIn(10)) add(words, "LIMIT", dice.count());
    }

    private void range(Dice dice, List<String> words) {
        boolean isUp = dice.oneIn(2);
        add(words, isUp ? "XRANGE" : "XREVRANGE", dice.key("x"));
        add(words, isUp ? from(dice) : to(dice), isUp ? to(dice) : from(dice));
        if (dice.oneIn(2)) add(words, "COUNT", dice.count());
    }

    private void read(Dice dice, List<String> words) {
        words.add("XREAD");
        if (dice.oneIn(2)) add(words, "COUNT", dice.count());
        if (dice.oneIn(8)) add(words, "BLOCK", dice.oneOf("1", "1", "-1", "abc"));
        streams(dice, words, id(dice), id(dice), dice.oneOf("$", ">", "0"));
    }

    private void readGroup(Dice dice, List<String> words) {
        add(words, "XREADGROUP", "GROUP", groupName(dice), consumer(dice));
        if (dice.oneIn(2)) add(words, "COUNT", dice.count());
        if (dice.oneIn(8)) words.add("NOACK");
        if (dice.oneIn(8)) add(words, "BLOCK", "1");
        streams(dice, words, ">", ">", dice.oneOf("0", "$", id(dice)));
    }

    private static void streams(Dice dice, List<String> words, String... ids) {
        words.add("STREAMS");
        int count = 1 + dice.below(2);
        for (int i = 0; i < count; i++) words.add(dice.key("x"));
        for (int i = 0; i < count; i++) words.add(dice.oneOf(ids));
    }

    private void group(Dice dice, List<String> words) {
        words.add("XGROUP");
        String key = dice.key("x");
        String group = groupName(dice);
        switch (dice.below(6)) {
            case 0, 1 -> {
                add(words, "CREATE", key, group, dice.oneOf("$", "0", id(dice)));
                if (dice.oneIn(2)) words.add("MKSTREAM");
                if (dice.oneIn(5)) add(words, "ENTRIESREAD", dice.count());
            }
            case 2 -> {
                add(words, "SETID", key, group, dice.oneOf("$", "0", id(dice)));
                if (dice.oneIn(3)) add(words, "ENTRIESREAD", dice.count());
            }
            case 3 -> add(words, dice.oneOf("DESTROY", "FOO"), key, group);
            default -> {
                String name = dice.oneOf("CREATECONSUMER", "DELCONSUMER");
                add(words, name, key, group, consumer(dice));
            }
        }
    }

    private void pending(Dice dice, List<String> words) {
        add(words, "XPENDING", dice.key("x"), groupName(dice));
        if (dice.oneIn(3)) return;
        if (dice.oneIn(5)) add(words, "IDLE", dice.oneOf("1000000", "abc"));
        add(words, from(dice), to(dice), dice.count());
        if (dice.oneIn(2)) words.add(consumer(dice));
    }

    private void claim(Dice dice, List<String> words) {
        String idle = dice.oneIn(6) ? dice.oneOf("1000000", "-5", "abc") : "0";
        ids(dice, words, "XCLAIM", dice.key("x"), groupName(dice), consumer(dice), idle);
        if (dice.oneIn(3)) words.add("FORCE");
        if (dice.oneIn(3)) words.add("JUSTID");
        if (dice.oneIn(5)) add(words, "RETRYCOUNT", dice.count());
        if (dice.oneIn(8)) add(words, "LASTID", id(dice));
        if (dice.oneIn(8)) add(words, "IDLE", dice.oneOf("0", "1000", "x"));
    }

    private static void about(Dice dice, List<String> words) {
        words.add("XINFO");
        String key = dice.key("x");
        switch (dice.below(4)) {
            case 0 -> add(words, "GROUPS", key);
            case 1 -> add(words, "CONSUMERS", key, groupName(dice));
            case 2 -> add(words, "STREAM", key);
            default -> {
                add(words, "STREAM", key, "FULL");
                if (dice.oneIn(2)) add(words, "COUNT", dice.count());
            }
        }
    }

    private void ids(Dice dice, List<String> words, String... head) {
        add(words, head);
        for (int i = dice.below(3); 0 <= i; i--) words.add(id(dice));
    }

    private String from(Dice dice) {
        return dice.oneIn(2) ? "-" : dice.oneIn(3) ? "(" + id(dice) : id(dice);
    }

    private String to(Dice dice) {
        return dice.oneIn(2) ? "+" : dice.oneIn(3) ? "(" + id(dice) : id(dice);
    }

    private String id(Dice dice) {
        return dice.oneIn(36) ? dice.oneOf(LAST_IDS) : nearId(dice);
    }

    private String nearId(Dice dice) {
        if (dice.oneIn(12)) return dice.oneOf(STRANGE_IDS);
        int millis = Math.max(0, clock - dice.below(30) + 2);
        return dice.oneIn(4) ? Integer.toString(millis) : millis + "-" + dice.below(4);
    }

    private static String groupName(Dice dice) {
        return dice.oneIn(30) ? "no group" : dice.oneOf("g1", "g2");
    }

    private static String consumer(Dice dice) {
        return dice.oneOf("c1", "c2", "c3");
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
