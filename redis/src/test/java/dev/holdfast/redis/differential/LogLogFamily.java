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
                add(words, "PFADD", dice.key("p"));
                int elements = dice.oneIn(10) ? 1000 + dice.below(1000) : dice.below(5);
                for (int i = 0; i < elements; i++) words.add("e" + dice.below(1 << 20));
            }
            case 2 -> {
                add(words, "PFCOUNT", dice.key("p"));
                if (dice.oneIn(2)) words.add(dice.key("p"));
            }
            case 3 -> {
                add(words, "PFMERGE", dice.key("p"));
                for (int i = dice.below(3); 0 < i; i--) words.add(dice.key("p"));
            }
            case 4 -> {
                if (dice.oneIn(3)) add(words, "DEL", dice.key("p"));
                else add(words, "PFADD", dice.key("p"), dice.value());
            }
            default -> add(words, "GET", dice.key("p"));
        }
        return words;
    }

    private static void add(List<String> words, String... more) {
        words.addAll(List.of(more));
    }
}
