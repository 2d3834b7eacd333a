package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls of the commands on HyperLogLogs, whose bytes are looked at too.
final class LogLogFamily implements Family {
    @Override
    public Map<String, Rule> rules() {
        return Map.of();
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        switch (dice.below(6)) {
            case 0, 1 -> {
                add(words, "PFADD", key(dice));
                int elements = dice.oneIn(10) ? 1000 + dice.below(1000) : dice.below(5);
                for (int i = 0; i < elements; i++) words.add("e" + dice.below(1 << 20));
            }
            case 2 -> {
                add(words, "PFCOUNT", key(dice));
                if (dice.oneIn(2)) words.add(key(dice));
            }
            case 3 -> {
                add(words, "PFMERGE", key(dice));
                for (int i = dice.below(3); 0 < i; i--) words.add(key(dice));
            }
            case 4 -> {
                if (dice.oneIn(3)) add(words, "DEL", key(dice));
                else add(words, "PFADD", key(dice), dice.value());
            }
            default -> add(words, "GET", key(dice));
        }
        return words;
    }

    // Of its own: what other commands damage, each side reads in its own way.
    private static String key(Dice dice) {
        return dice.oneIn(20) ? "h" + dice.below(5) : "y" + dice.below(5);
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
