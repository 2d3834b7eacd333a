package dev.holdfast.engine.api;

import dev.holdfast.base.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The keys from `start` on, up to but without `end`. A null bound is open.
///
/// ```java
/// KeyRange users = KeyRange.prefix(Bytes.utf8("user/"));
/// KeyRange some = KeyRange.of(Bytes.utf8("a"), Bytes.utf8("c"));   // without `c` itself
/// ```
public record KeyRange(@Nullable Bytes start, @Nullable Bytes end) {
    /// Every key.
    public static KeyRange all() {
        return new KeyRange(null, null);
    }

    /// The keys `[start, end)`.
    public static KeyRange of(Bytes start, Bytes end) {
        return new KeyRange(start, end);
    }

    /// The keys from `start` on.
    public static KeyRange from(Bytes start) {
        return new KeyRange(start, null);
    }

    /// The keys that begin with `prefix`.
    public static KeyRange prefix(Bytes prefix) {
        return new KeyRange(prefix.isEmpty() ? null : prefix, successorOf(prefix));
    }

    /// The keys that begin with `prefix` and go on with what lies in `rest`.
    public static KeyRange within(Bytes prefix, KeyRange rest) {
        Bytes start = rest.start();
        Bytes end = rest.end();
        KeyRange all = prefix(prefix);
        return new KeyRange(
                start == null ? all.start : joined(prefix, start),
                end == null ? all.end : joined(prefix, end));
    }

    private static Bytes joined(Bytes prefix, Bytes rest) {
        byte[] both = Arrays.copyOf(prefix.toArray(), prefix.length() + rest.length());
        rest.copyTo(both, prefix.length());
        return Bytes.wrap(both);
    }

    /// What all keys inside begin with; empty if that is nothing. The longest there is but for keys
    /// that end in bytes of `0xff`.
    public Bytes sharedPrefix() {
        if (start == null || end == null) return Bytes.EMPTY;
        int shorter = Math.min(start.length(), end.length());
        int same = 0;
        while (same < shorter && start.at(same) == end.at(same)) same++;
        boolean isLastApart =
                same + 1 == end.length()
                        && same < start.length()
                        && (start.at(same) & 0xff) + 1 == (end.at(same) & 0xff);
        if (!isLastApart) return start.slice(0, same);
        // All keys have the start's next byte too, and those of 0xff behind it.
        int length = same + 1;
        while (length < start.length() && start.at(length) == (byte) 0xff) length++;
        return start.slice(0, length);
    }

    /// True if `key` lies inside.
    public boolean contains(Bytes key) {
        return (start == null || start.compareTo(key) <= 0)
                && (end == null || key.compareTo(end) < 0);
    }

    /// True if no key can lie inside.
    public boolean isEmpty() {
        return end != null && (end.isEmpty() || (start != null && start.compareTo(end) >= 0));
    }

    // The least key after all that begin with the prefix; null where there is none (all bytes
    // 0xff).
    private static @Nullable Bytes successorOf(Bytes prefix) {
        byte[] bytes = prefix.toArray();
        for (int i = bytes.length - 1; 0 <= i; i--) {
            if (bytes[i] == (byte) 0xff) continue;
            byte[] next = Arrays.copyOf(bytes, i + 1);
            next[i]++;
            return Bytes.wrap(next);
        }
        return null;
    }
}
