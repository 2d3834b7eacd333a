package dev.holdfast.redis.differential;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Calls of many families that a script can make, whose replies are equal byte for byte: what is
/// drawn, walked, or told by time differs between two servers.
final class InnerDraw {
    private static final int WORD_MAX = 10_000;

    // SPOP draws; SORT of Redis remembers errors of others; the others tell of the server itself.
    private static final Set<String> LEFT_OUT =
            Set.of("SPOP", "SORT", "SORT_RO", "OBJECT", "MEMORY", "DEBUG", "FLUSHALL", "SWAPDB");

    private final List<Family> families;
    private final Map<String, Rule> rules = new HashMap<>();

    InnerDraw(List<Family> families) {
        this.families = families;
        for (Family family : families) rules.putAll(family.rules());
    }

    /// The next call.
    List<String> next(Dice dice) {
        while (true) {
            List<String> call = families.get(dice.below(families.size())).next(dice);
            if (isSame(call)) return call;
        }
    }

    private boolean isSame(List<String> call) {
        String name = call.getFirst().toUpperCase(Locale.ROOT);
        String sub = call.size() < 2 ? "" : name + " " + call.get(1).toUpperCase(Locale.ROOT);
        Rule rule = rules.getOrDefault(sub, rules.getOrDefault(name, Rule.EQUAL));
        boolean isShort = call.stream().allMatch(word -> word.length() <= WORD_MAX);
        return rule == Rule.EQUAL && isShort && !LEFT_OUT.contains(name);
    }
}
