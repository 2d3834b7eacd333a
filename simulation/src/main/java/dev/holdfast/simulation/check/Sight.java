package dev.holdfast.simulation.check;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Everything that somebody saw of a database at one moment.
///
/// @param who names the observer in findings
/// @param life through which it looked, or [#FROM_OUTSIDE]: then it saw only what is durable
/// @param seq the last commit that it was shown, or [#UNKNOWN_SEQ]
/// @param keys every key that it looked for, with what was there
/// @param call when it began to look, in the history's time
/// @param end when it had looked
/// @param wallMillis the wall clock when it had looked: what expired until then may be hidden
public record Sight(
        String who,
        int life,
        long seq,
        SortedMap<String, Seen> keys,
        long call,
        long end,
        long wallMillis) {
    /// The life of an observer that has none.
    public static final int FROM_OUTSIDE = -1;

    /// Not known.
    public static final long UNKNOWN_SEQ = -1;

    public Sight {
        keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
    }

    /// Of a database where nothing expires.
    public Sight(
            String who, int life, long seq, SortedMap<String, Seen> keys, long call, long end) {
        this(who, life, seq, keys, call, end, 0);
    }

    /// What was there: a value or null, and the number of the commit that decided it if that is
    /// known, 0 if none did.
    public record Seen(@Nullable String value, long seq) {}

    boolean isFromOutside() {
        return life == FROM_OUTSIDE;
    }
}
