package dev.holdfast.redis.acl;

import dev.holdfast.redis.acl.KeyPattern.Right;
import dev.holdfast.redis.acl.Selector.ChannelPattern;
import dev.holdfast.redis.acl.Selector.Channels;
import dev.holdfast.redis.acl.Selector.Extent;
import dev.holdfast.redis.acl.Selector.Keys;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A selector to which rules are added. Not thread-safe.
final class SelectorDraft {
    private static final int PATTERNS_MAX = 4096;

    private final CommandRules commands;
    private Extent keys;
    private final List<KeyPattern> keyPatterns;
    private Extent channels;
    private final List<ChannelPattern> channelPatterns;

    SelectorDraft(Selector selector) {
        commands = selector.commands().copy();
        keys = selector.keys().extent();
        keyPatterns = new ArrayList<>(selector.keys().patterns());
        channels = selector.channels().extent();
        channelPatterns = new ArrayList<>(selector.channels().patterns());
    }

    Selector done() {
        return new Selector(
                commands.copy(),
                new Keys(keys, keyPatterns),
                new Channels(channels, channelPatterns));
    }

    /// Adds `rule`. Tells what is wrong with it, as Redis does; null if nothing is.
    @Nullable String add(String rule) {
        switch (rule.toLowerCase(Locale.ROOT)) {
            case "allkeys", "~*" -> allowKeys(Extent.ALL);
            case "resetkeys" -> allowKeys(Extent.SOME);
            case "allchannels", "&*" -> allowChannels(Extent.ALL);
            case "resetchannels" -> allowChannels(Extent.SOME);
            case "allcommands", "+@all" -> commands.all();
            case "nocommands", "-@all" -> commands.none();
            default -> {
                return addOfKind(rule);
            }
        }
        return null;
    }

    private @Nullable String addOfKind(String rule) {
        return switch (rule.charAt(0)) {
            case '~' -> addKeys(rule.substring(1), EnumSet.allOf(Right.class));
            case '%' -> addKeysWithRights(rule);
            case '&' -> addChannels(rule.substring(1));
            case '+', '-' -> commands.add(rule);
            default -> Complaints.SYNTAX;
        };
    }

    private void allowKeys(Extent extent) {
        keys = extent;
        keyPatterns.clear();
    }

    void allowChannels(Extent extent) {
        channels = extent;
        channelPatterns.clear();
    }

    private @Nullable String addKeysWithRights(String rule) {
        if (keys == Extent.ALL) return Complaints.ALL_KEYS;
        int tilde = rule.indexOf('~');
        int end = tilde < 0 ? rule.length() : tilde;
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (int i = 1; i < end; i++) {
            char letter = Character.toUpperCase(rule.charAt(i));
            if (letter != 'R' && letter != 'W') return Complaints.SYNTAX;
            if (!rights.add(letter == 'R' ? Right.READ : Right.WRITE)) return Complaints.SYNTAX;
        }
        if (rights.isEmpty()) return Complaints.SYNTAX;
        return addKeys(tilde < 0 ? "" : rule.substring(tilde + 1), rights);
    }

    private @Nullable String addKeys(String pattern, Set<Right> rights) {
        if (keys == Extent.ALL) return Complaints.ALL_KEYS;
        if (RuleText.hasBlanks(pattern)) return Complaints.SYNTAX;
        for (int i = 0; i < keyPatterns.size(); i++) {
            KeyPattern known = keyPatterns.get(i);
            if (!known.text().equals(pattern)) continue;
            keyPatterns.set(i, known.with(rights));
            return null;
        }
        if (keyPatterns.size() == PATTERNS_MAX) return Complaints.TOO_MANY;
        keyPatterns.add(KeyPattern.of(pattern, rights));
        return null;
    }

    private @Nullable String addChannels(String pattern) {
        if (channels == Extent.ALL) return Complaints.ALL_CHANNELS;
        if (RuleText.hasBlanks(pattern)) return Complaints.SYNTAX;
        if (channelPatterns.stream().anyMatch(known -> known.text().equals(pattern))) return null;
        if (channelPatterns.size() == PATTERNS_MAX) return Complaints.TOO_MANY;
        channelPatterns.add(ChannelPattern.of(pattern));
        return null;
    }
}
