package dev.holdfast.redis.signal;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which events on keys are published, and on which channels: the value of
/// `notify-keyspace-events`. Immutable.
public record EventFilter(Set<EventKind> kinds, Set<Channel> channels) {
    /// Nothing is published.
    public static final EventFilter NONE = new EventFilter(Set.of(), Set.of());

    // The order in which Redis shows the letters.
    private static final String SHOWN = "g$lshzxetdn";

    public EventFilter {
        kinds = Set.copyOf(kinds);
        channels = Set.copyOf(channels);
    }

    /// The two channels on which an event can be published.
    public enum Channel {
        /// `__keyspace@0__:key`, which tells the event.
        KEYSPACE('K'),
        /// `__keyevent@0__:event`, which tells the key.
        KEYEVENT('E');

        private final char letter;

        Channel(char letter) {
            this.letter = letter;
        }
    }

    /// The filter that `letters` spell; null if one of them means nothing.
    public static @Nullable EventFilter parse(String letters) {
        EnumSet<EventKind> kinds = EnumSet.noneOf(EventKind.class);
        EnumSet<Channel> channels = EnumSet.noneOf(Channel.class);
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            boolean isKnown = letter == 'A';
            for (EventKind kind : EventKind.values()) {
                boolean isMeant = kind.letter() == letter || letter == 'A' && kind.isInAll();
                if (isMeant) kinds.add(kind);
                isKnown |= isMeant;
            }
            for (Channel channel : Channel.values()) {
                if (channel.letter != letter) continue;
                channels.add(channel);
                isKnown = true;
            }
            if (!isKnown) return null;
        }
        return new EventFilter(kinds, channels);
    }

    /// True if events of `kind` are published anywhere.
    public boolean wants(EventKind kind) {
        return !channels.isEmpty() && kinds.contains(kind);
    }

    /// The letters in the order in which CONFIG GET shows them.
    public String letters() {
        var letters = new StringBuilder();
        boolean isAll = true;
        for (EventKind kind : EventKind.values()) isAll &= !kind.isInAll() || kinds.contains(kind);
        letters.append(isAll ? "A" : singly());
        for (Channel channel : Channel.values())
            if (channels.contains(channel)) letters.append(channel.letter);
        if (kinds.contains(EventKind.MISS)) letters.append('m');
        return letters.toString();
    }

    private String singly() {
        var letters = new StringBuilder();
        for (char letter : SHOWN.toCharArray())
            for (EventKind kind : kinds) if (kind.letter() == letter) letters.append(letter);
        return letters.toString();
    }
}
