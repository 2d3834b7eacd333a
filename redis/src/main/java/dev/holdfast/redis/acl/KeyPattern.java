package dev.holdfast.redis.acl;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Glob;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A pattern of keys, and what may be done with those that are of it. Immutable.
record KeyPattern(String text, Glob glob, Set<Right> rights) {
    KeyPattern {
        rights = Set.copyOf(rights);
    }

    /// What may be done with a key.
    enum Right {
        /// Its value may be read.
        READ,
        /// It may be written or deleted.
        WRITE;

        /// What a call needs that does with a key what `flags` say. A call that only looks whether
        /// the key is there needs no right but one of any kind.
        static Set<Right> neededFor(List<String> flags) {
            Set<Right> needed = EnumSet.noneOf(Right.class);
            if (flags.contains("access")) needed.add(READ);
            if (flags.contains("insert") || flags.contains("update") || flags.contains("delete"))
                needed.add(WRITE);
            return needed;
        }
    }

    static KeyPattern of(String text, Set<Right> rights) {
        return new KeyPattern(text, Glob.of(RuleText.bytes(text)), rights);
    }

    /// This pattern with `more` rights.
    KeyPattern with(Set<Right> more) {
        Set<Right> all = EnumSet.copyOf(rights);
        all.addAll(more);
        return new KeyPattern(text, glob, all);
    }

    boolean allows(Bytes key, Set<Right> needed) {
        return rights.containsAll(needed) && glob.matches(key);
    }

    /// True if every key there is may be used so.
    boolean allowsEvery(Set<Right> needed) {
        return rights.containsAll(needed) && text.equals("*");
    }

    /// The rule.
    String rule() {
        if (rights.size() == Right.values().length) return "~" + text;
        return (rights.contains(Right.READ) ? "%R~" : "%W~") + text;
    }
}
