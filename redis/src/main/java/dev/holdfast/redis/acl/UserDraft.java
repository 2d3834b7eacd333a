package dev.holdfast.redis.acl;

import dev.holdfast.redis.acl.User.Trait;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A user to whom rules are added. Not thread-safe.
final class UserDraft {
    private static final int PASSWORDS_MAX = 128;
    private static final int SELECTORS_MAX = 128;
    private static final int RULE_LENGTH_MAX = 64 * 1024;

    private final String name;
    private final Selector blank;
    private final Set<Trait> traits;
    private final List<String> passwords;
    private SelectorDraft own;
    private final List<Selector> more;

    /// @param blank what a user or selector starts from
    UserDraft(User user, Selector blank) {
        this.name = user.name();
        this.blank = blank;
        this.traits = EnumSet.copyOf(user.traits());
        this.passwords = new ArrayList<>(user.passwords());
        this.own = new SelectorDraft(user.own());
        this.more = new ArrayList<>(user.more());
    }

    User done() {
        List<Selector> selectors = new ArrayList<>();
        selectors.add(own.done());
        selectors.addAll(more);
        return new User(name, traits, passwords, selectors);
    }

    /// Adds `rule`. Tells what is wrong with it, as Redis does; null if nothing is. What was added
    /// before stays.
    @Nullable String add(String rule) {
        if (rule.isEmpty()) return null;
        if (RULE_LENGTH_MAX < rule.length()) return Complaints.TOO_LONG;
        return isTrait(rule.toLowerCase(Locale.ROOT)) ? null : addOfKind(rule);
    }

    private boolean isTrait(String word) {
        switch (word) {
            case "on" -> replace(Trait.OFF, Trait.ON);
            case "off" -> replace(Trait.ON, Trait.OFF);
            case "nopass" -> {
                passwords.clear();
                traits.add(Trait.NOPASS);
            }
            case "resetpass" -> resetPasswords();
            case "sanitize-payload" -> sanitize();
            case "skip-sanitize-payload" ->
                    replace(Trait.SANITIZE_PAYLOAD, Trait.SKIP_SANITIZE_PAYLOAD);
            case "clearselectors" -> more.clear();
            case "reset" -> reset();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void replace(Trait before, Trait after) {
        traits.remove(before);
        traits.add(after);
    }

    private void resetPasswords() {
        passwords.clear();
        traits.remove(Trait.NOPASS);
    }

    private void sanitize() {
        replace(Trait.SKIP_SANITIZE_PAYLOAD, Trait.SANITIZE_PAYLOAD);
    }

    private void reset() {
        resetPasswords();
        own = new SelectorDraft(blank);
        more.clear();
        replace(Trait.ON, Trait.OFF);
        sanitize();
    }

    private @Nullable String addOfKind(String rule) {
        String rest = rule.substring(1);
        return switch (rule.charAt(0)) {
            case '>' -> addPassword(Password.hash(RuleText.bytes(rest).toArray()));
            case '#' -> Password.isHash(rest) ? addPassword(rest) : Complaints.BAD_HASH;
            case '<' -> removePassword(Password.hash(RuleText.bytes(rest).toArray()));
            case '!' -> Password.isHash(rest) ? removePassword(rest) : Complaints.BAD_HASH;
            case '(' -> rule.endsWith(")") ? addSelector(rule) : Complaints.SYNTAX;
            default -> own.add(rule);
        };
    }

    private @Nullable String addPassword(String hash) {
        traits.remove(Trait.NOPASS);
        if (passwords.contains(hash)) return null;
        if (passwords.size() == PASSWORDS_MAX) return Complaints.TOO_MANY;
        passwords.add(hash);
        return null;
    }

    private @Nullable String removePassword(String hash) {
        return passwords.remove(hash) ? null : Complaints.NO_SUCH_PASSWORD;
    }

    private @Nullable String addSelector(String rule) {
        if (more.size() == SELECTORS_MAX) return Complaints.TOO_MANY;
        var selector = new SelectorDraft(blank);
        for (String inner : RuleText.words(rule.substring(1, rule.length() - 1))) {
            String complaint = selector.add(inner);
            if (complaint != null) return complaint;
            // In a line it would end the selector.
            if (inner.endsWith(")")) return Complaints.SYNTAX;
        }
        more.add(selector.done());
        return null;
    }
}
