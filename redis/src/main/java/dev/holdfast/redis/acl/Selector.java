package dev.holdfast.redis.acl;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.acl.KeyPattern.Right;
import dev.holdfast.redis.command.Glob;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Syntax;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A set of calls: commands, and the keys and channels that they may name. Immutable.
record Selector(CommandRules commands, Keys keys, Channels channels) {
    /// Of which keys.
    ///
    /// @param patterns empty where every key is meant
    record Keys(Extent extent, List<KeyPattern> patterns) {
        static final Keys NONE = new Keys(Extent.SOME, List.of());
        static final Keys ALL = new Keys(Extent.ALL, List.of());

        Keys {
            patterns = List.copyOf(patterns);
        }

        boolean allow(Bytes key, Set<Right> needed) {
            return extent == Extent.ALL
                    || patterns.stream().anyMatch(pattern -> pattern.allows(key, needed));
        }

        boolean allowEvery(Set<Right> needed) {
            return extent == Extent.ALL
                    || patterns.stream().anyMatch(pattern -> pattern.allowsEvery(needed));
        }

        String text() {
            if (extent == Extent.ALL) return "~*";
            return String.join(" ", patterns.stream().map(KeyPattern::rule).toList());
        }
    }

    /// A pattern of channels.
    record ChannelPattern(String text, Glob glob) {
        static ChannelPattern of(String text) {
            return new ChannelPattern(text, Glob.of(RuleText.bytes(text)));
        }
    }

    /// Of which channels.
    ///
    /// @param patterns empty where every channel is meant
    record Channels(Extent extent, List<ChannelPattern> patterns) {
        static final Channels NONE = new Channels(Extent.SOME, List.of());
        static final Channels ALL = new Channels(Extent.ALL, List.of());

        Channels {
            patterns = List.copyOf(patterns);
        }

        boolean allow(Bytes channel) {
            return extent == Extent.ALL
                    || patterns.stream().anyMatch(pattern -> pattern.glob.matches(channel));
        }

        /// A pattern to listen to is allowed only if it stands here as it is: whether one pattern
        /// is inside another is not asked.
        boolean allowPattern(Bytes pattern) {
            String text = RuleText.of(pattern);
            return extent == Extent.ALL
                    || patterns.stream().anyMatch(known -> known.text.equals(text));
        }

        String text() {
            if (extent == Extent.ALL) return "&*";
            return String.join(" ", patterns.stream().map(known -> "&" + known.text).toList());
        }
    }

    /// How much of a kind.
    enum Extent {
        ALL,
        SOME
    }

    /// One that allows nothing.
    static Selector none(Catalog catalog) {
        return new Selector(new CommandRules(catalog), Keys.NONE, Channels.NONE);
    }

    /// True if it allows whatever there is.
    boolean isEverything() {
        return commands.isEverything()
                && keys.extent == Extent.ALL
                && channels.extent == Extent.ALL;
    }

    /// Why `call`, which calls `called`, is not in this set; null if it is.
    @Nullable Denial denial(Syntax called, List<Bytes> call) {
        if (!commands.allows(called, call)) return Denial.COMMAND;
        Denial denial = keys.extent == Extent.ALL ? null : keyDenial(called, call);
        if (denial != null || channels.extent == Extent.ALL) return denial;
        return channelDenial(called, call);
    }

    private @Nullable Denial keyDenial(Syntax called, List<Bytes> call) {
        for (KeySpec.Use use : called.keyUses(call)) {
            Set<Right> needed = Right.neededFor(use.flags());
            if (use.place() == KeySpec.Use.EVERY) {
                if (!keys.allowEvery(needed)) return Denial.everyKey(use.asker());
            } else if (!keys.allow(call.get(use.place()), needed)) return Denial.key(use.place());
        }
        return null;
    }

    private @Nullable Denial channelDenial(Syntax called, List<Bytes> call) {
        boolean arePatterns = called.traits().places().channels() == Syntax.Channels.ALL_PATTERNS;
        for (int place : called.channelPlaces(call)) {
            Bytes name = call.get(place);
            boolean isAllowed = arePatterns ? channels.allowPattern(name) : channels.allow(name);
            if (!isAllowed) return Denial.channel(place);
        }
        return null;
    }

    /// The rules that make it, as part of a user's.
    String text() {
        String shownKeys = keys.text().isEmpty() ? "" : keys.text() + " ";
        String reset = channels.extent == Extent.ALL ? "" : "resetchannels ";
        String shownChannels = channels.text().isEmpty() ? "" : channels.text() + " ";
        return shownKeys + reset + shownChannels + commands.text();
    }
}
