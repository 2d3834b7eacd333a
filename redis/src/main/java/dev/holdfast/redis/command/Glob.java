package dev.holdfast.redis.command;

import dev.holdfast.base.Bytes;

/// A pattern of `*`, `?`, `[...]` and `\`, as KEYS, SCAN and CONFIG GET take it. Immutable.
///
/// Invariant: a match takes at most pattern length times text length steps, whatever the pattern:
/// of several stars only the last one is ever tried again, which is enough, because what an earlier
/// star could still take the last one can take as well.
public final class Glob {
    private final byte[] pattern;
    private final boolean foldsCase;

    private Glob(byte[] pattern, boolean foldsCase) {
        this.pattern = pattern;
        this.foldsCase = foldsCase;
    }

    /// The pattern in `bytes`.
    public static Glob of(Bytes bytes) {
        return new Glob(bytes.toArray(), false);
    }

    /// The pattern in `bytes`, for which small letters are as good as capitals.
    public static Glob ignoringCase(Bytes bytes) {
        return new Glob(bytes.toArray(), true);
    }

    /// True if the whole of `text` is of this pattern.
    public boolean matches(Bytes text) {
        if (text.isEmpty()) return pattern.length == 0 || isAnything();
        int at = 0;
        int next = 0;
        int starNext = -1;
        int starAt = 0;
        while (at < text.length()) {
            if (next < pattern.length && pattern[next] == '*') {
                starNext = ++next;
                starAt = at;
                continue;
            }
            int after = next < pattern.length ? afterOne(next, text.at(at)) : -1;
            if (0 <= after) {
                next = after;
                at++;
            } else {
                if (starNext < 0) return false;
                next = starNext;
                at = ++starAt;
            }
        }
        while (next < pattern.length && pattern[next] == '*') next++;
        return next == pattern.length;
    }

    // Redis takes no other pattern for the empty text, such as two stars.
    private boolean isAnything() {
        return pattern.length == 1 && pattern[0] == '*';
    }

    // The place after the element at `start` if that takes `letter`, else -1.
    private int afterOne(int start, byte letter) {
        return switch (pattern[start]) {
            case '?' -> start + 1;
            case '[' -> afterClass(start + 1, fold(letter));
            case '\\' -> afterPlain(Math.min(start + 1, pattern.length - 1), letter);
            default -> afterPlain(start, letter);
        };
    }

    private int afterPlain(int start, byte letter) {
        return fold(pattern[start]) == fold(letter) ? start + 1 : -1;
    }

    private int afterClass(int start, int letter) {
        int at = start;
        boolean inverted = at < pattern.length && pattern[at] == '^';
        if (inverted) at++;
        boolean found = false;
        while (at < pattern.length && pattern[at] != ']') {
            int low = at;
            if (pattern[at] == '\\' && at + 1 < pattern.length) low = ++at; // never a range
            else if (at + 2 < pattern.length && pattern[at + 1] == '-') at += 2;
            found |= isBetween(letter, fold(pattern[low]), fold(pattern[at]));
            at++;
        }
        int after = Math.min(at + 1, pattern.length);
        return found == inverted ? -1 : after;
    }

    private static boolean isBetween(int letter, int one, int other) {
        return Math.min(one, other) <= letter && letter <= Math.max(one, other);
    }

    private int fold(byte letter) {
        return foldsCase && 'A' <= letter && letter <= 'Z' ? letter + 32 : letter & 0xff;
    }
}
