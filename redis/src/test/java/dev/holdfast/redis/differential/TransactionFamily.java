package dev.holdfast.redis.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Transactions over calls of other families, of which those are left out whose replies are not
/// just equal. To be told alone: whatever is called between MULTI and EXEC is queued, of whichever
/// family it is.
final class TransactionFamily implements Family {
    private static final Set<String> DRAWN = Set.of("SPOP", "SRANDMEMBER", "RANDOMKEY");

    private final List<Family> inner;

    TransactionFamily(List<Family> inner) {
        this.inner = inner;
    }

    @Override
    public Map<String, Rule> rules() {
        return Map.of();
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        switch (dice.below(16)) {
            case 0, 1 -> words.add("MULTI");
            case 2, 3, 4 -> words.add("EXEC");
            case 5 -> words.add(dice.oneOf("DISCARD", "UNWATCH", "NOSUCH", "RESET"));
            case 6, 7 -> {
                words.add("WATCH");
                for (int i = dice.below(2); 0 <= i; i--) words.add(dice.key("l"));
            }
            case 8 -> words.addAll(List.of("SELECT", dice.oneOf("0", "0", "1", "99")));
            case 9 -> words.addAll(List.of("SET", dice.key("l"), dice.value(), "XX"));
            case 10 -> words.addAll(List.of("INCR", dice.oneOf("n1", "n2")));
            case 11 -> words.addAll(List.of(dice.oneOf("DEL", "EXISTS", "TYPE"), dice.key("l")));
            case 12 -> {
                if (dice.oneIn(4)) words.add("FLUSHDB");
                else words.addAll(List.of("OBJECT", dice.oneOf("ENCODING", "FOO"), dice.key("l")));
            }
            default -> words.addAll(innerCall(dice));
        }
        return words;
    }

    private List<String> innerCall(Dice dice) {
        Family family = inner.get(dice.below(inner.size()));
        while (true) {
            List<String> call = family.next(dice);
            String name = call.getFirst().toUpperCase(Locale.ROOT);
            boolean isJustEqual =
                    family.rules().keySet().stream()
                            .noneMatch(ruled -> ruled.split(" ")[0].equals(name));
            if (isJustEqual && !DRAWN.contains(name)) return call;
        }
    }
}
