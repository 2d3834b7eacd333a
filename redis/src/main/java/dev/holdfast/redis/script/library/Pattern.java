package dev.holdfast.redis.script.library;

import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.Values;

/// One attempt after another to match a pattern of Lua. Not thread-safe.
///
/// Time is bounded like that of all steps of a script; depth by a count of its own.
final class Pattern {
    /// A capture that is a position.
    static final int POSITION = -2;

    private static final int OPEN = -1;
    private static final int CAPTURES_MAX = 32;
    private static final int DEPTH_MAX = 200;
    private static final char ESCAPE = '%';

    private final Machine machine;
    private final LuaString text;
    private final LuaString pattern;
    private final int[] starts = new int[CAPTURES_MAX];
    private final int[] lengths = new int[CAPTURES_MAX];
    private int level;
    private int depth;

    Pattern(Machine machine, LuaString text, LuaString pattern) {
        this.machine = machine;
        this.text = text;
        this.pattern = pattern;
    }

    /// How many captures the last match made.
    int captures() {
        return level;
    }

    /// Where the match ends that begins at `at`, by the pattern from `from` on; -1 if there is
    /// none.
    int match(int at, int from) {
        level = 0;
        depth = 0;
        return step(at, from);
    }

    /// What a capture holds: text, or a position.
    Object capture(int index, int start, int end) {
        if (level <= index) {
            if (index == 0) return slice(start, end);
            throw LuaError.located("invalid capture index");
        }
        int length = lengths[index];
        if (length == OPEN) throw LuaError.located("unfinished capture");
        if (length == POSITION) return (double) (starts[index] + 1);
        return slice(starts[index], starts[index] + length);
    }

    private LuaString slice(int start, int end) {
        machine.memory().charge(end - start + 48L);
        return text.slice(start, end);
    }

    private int step(int from, int patternFrom) {
        if (DEPTH_MAX < ++depth) throw LuaError.located("pattern too complex");
        try {
            return steps(from, patternFrom);
        } finally {
            depth--;
        }
    }

    private int steps(int from, int patternFrom) {
        int at = from;
        int p = patternFrom;
        while (p < pattern.length()) {
            machine.steps(1);
            int letter = pattern.at(p);
            if (letter == '(') {
                boolean isPosition = p + 1 < pattern.length() && pattern.at(p + 1) == ')';
                return isPosition ? open(at, p + 2, POSITION) : open(at, p + 1, OPEN);
            }
            if (letter == ')') return close(at, p + 1);
            if (letter == '$' && p + 1 == pattern.length()) return at == text.length() ? at : -1;
            int next = letter == ESCAPE && p + 1 < pattern.length() ? pattern.at(p + 1) : 0;
            if (next == 'b') {
                at = balance(at, p + 2);
                if (at < 0) return -1;
                p += 4;
                continue;
            }
            if (next == 'f') {
                p = frontier(at, p + 2);
                if (p < 0) return -1;
                continue;
            }
            if ('0' <= next && next <= '9') {
                at = back(at, next);
                if (at < 0) return -1;
                p += 2;
                continue;
            }
            int end = endOfClass(p);
            int suffix = end < pattern.length() ? pattern.at(end) : 0;
            boolean fits = at < text.length() && single(text.at(at), p, end);
            switch (suffix) {
                case '?' -> {
                    int found = fits ? step(at + 1, end + 1) : -1;
                    if (0 <= found) return found;
                    p = end + 1;
                }
                case '*' -> {
                    return widest(at, p, end);
                }
                case '+' -> {
                    return fits ? widest(at + 1, p, end) : -1;
                }
                case '-' -> {
                    return narrowest(at, p, end);
                }
                default -> {
                    if (!fits) return -1;
                    at++;
                    p = end;
                }
            }
        }
        return at;
    }

    private int widest(int from, int p, int end) {
        int count = 0;
        while (from + count < text.length() && single(text.at(from + count), p, end)) count++;
        machine.steps(count);
        for (; 0 <= count; count--) {
            int found = step(from + count, end + 1);
            if (0 <= found) return found;
        }
        return -1;
    }

    private int narrowest(int from, int p, int end) {
        int at = from;
        while (true) {
            int found = step(at, end + 1);
            if (0 <= found) return found;
            if (text.length() <= at || !single(text.at(at), p, end)) return -1;
            at++;
        }
    }

    private int open(int at, int p, int what) {
        if (CAPTURES_MAX <= level) throw LuaError.located("too many captures");
        starts[level] = at;
        lengths[level] = what;
        level++;
        int found = step(at, p);
        if (found < 0) level--;
        return found;
    }

    private int close(int at, int p) {
        int closed = level - 1;
        while (0 <= closed && lengths[closed] != OPEN) closed--;
        if (closed < 0) throw LuaError.located("invalid pattern capture");
        lengths[closed] = at - starts[closed];
        int found = step(at, p);
        if (found < 0) lengths[closed] = OPEN;
        return found;
    }

    private int balance(int at, int p) {
        if (pattern.length() <= p + 1) throw LuaError.located("unbalanced pattern");
        if (text.length() <= at || text.at(at) != pattern.at(p)) return -1;
        int open = 1;
        for (int i = at + 1; i < text.length(); i++) {
            machine.steps(1);
            int letter = text.at(i);
            if (letter == pattern.at(p + 1)) {
                if (--open == 0) return i + 1;
            } else if (letter == pattern.at(p)) open++;
        }
        return -1;
    }

    // Where the pattern goes on; -1 if there is no frontier.
    private int frontier(int at, int p) {
        if (pattern.length() <= p || pattern.at(p) != '[')
            throw LuaError.located("missing '[' after '%f' in pattern");
        int end = endOfClass(p);
        int before = at == 0 ? 0 : text.at(at - 1);
        int behind = at < text.length() ? text.at(at) : 0;
        return !inSet(before, p, end - 1) && inSet(behind, p, end - 1) ? end : -1;
    }

    private int back(int at, int digit) {
        int index = digit - '1';
        if (index < 0 || level <= index || lengths[index] == OPEN)
            throw LuaError.located("invalid capture index");
        int length = lengths[index];
        if (length < 0 || text.length() - at < length) return -1;
        machine.steps(length);
        for (int i = 0; i < length; i++)
            if (text.at(starts[index] + i) != text.at(at + i)) return -1;
        return at + length;
    }

    private int endOfClass(int from) {
        int p = from;
        int letter = pattern.at(p++);
        if (letter == ESCAPE) {
            if (p == pattern.length()) throw LuaError.located("malformed pattern (ends with '%')");
            return p + 1;
        }
        if (letter != '[') return p;
        if (p < pattern.length() && pattern.at(p) == '^') p++;
        do {
            if (p == pattern.length()) throw LuaError.located("malformed pattern (missing ']')");
            if (pattern.at(p++) == ESCAPE && p < pattern.length()) p++;
        } while (p == pattern.length() || pattern.at(p) != ']');
        return p + 1;
    }

    private boolean single(int letter, int p, int end) {
        return switch (pattern.at(p)) {
            case '.' -> true;
            case ESCAPE -> isOfClass(letter, pattern.at(p + 1));
            case '[' -> inSet(letter, p, end - 1);
            default -> pattern.at(p) == letter;
        };
    }

    // The set from the bracket at `p` to the one at `last`.
    private boolean inSet(int letter, int from, int last) {
        int p = from;
        boolean isWanted = true;
        if (pattern.at(p + 1) == '^') {
            isWanted = false;
            p++;
        }
        while (++p < last) {
            int each = pattern.at(p);
            if (each == ESCAPE) {
                if (isOfClass(letter, pattern.at(++p))) return isWanted;
            } else if (p + 2 < last && pattern.at(p + 1) == '-') {
                p += 2;
                if (each <= letter && letter <= pattern.at(p)) return isWanted;
            } else if (each == letter) return isWanted;
        }
        return !isWanted;
    }

    private static boolean isOfClass(int letter, int name) {
        boolean isMember =
                switch (name | 0x20) {
                    case 'a' -> isLetter(letter);
                    case 'c' -> letter < 32 || letter == 127;
                    case 'd' -> '0' <= letter && letter <= '9';
                    case 'l' -> 'a' <= letter && letter <= 'z';
                    case 'p' -> 32 < letter && letter < 127 && !isLetterOrDigit(letter);
                    case 's' -> Values.isBlank(letter);
                    case 'u' -> 'A' <= letter && letter <= 'Z';
                    case 'w' -> isLetterOrDigit(letter);
                    case 'x' -> 0 <= Character.digit(letter < 128 ? letter : ' ', 16);
                    case 'z' -> letter == 0;
                    default -> {
                        yield name == letter;
                    }
                };
        boolean isClass = "acdlpsuwxz".indexOf(name | 0x20) >= 0 && isLetter(name);
        if (!isClass) return name == letter;
        return 'A' <= name && name <= 'Z' ? !isMember : isMember;
    }

    private static boolean isLetter(int letter) {
        return 'a' <= letter && letter <= 'z' || 'A' <= letter && letter <= 'Z';
    }

    private static boolean isLetterOrDigit(int letter) {
        return isLetter(letter) || '0' <= letter && letter <= '9';
    }
}
