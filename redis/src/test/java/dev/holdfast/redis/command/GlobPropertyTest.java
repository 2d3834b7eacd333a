package dev.holdfast.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.holdfast.base.Bytes;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Compares the matcher with one that goes the way of Redis's C code, star by star.
class GlobPropertyTest {
    private static final String LETTERS = "ab*?[]^-\\";

    @Test
    void shouldMatchWhatRedisMatchesWhenPatternsAreRandom() {
        long seed = Long.getLong("glob.seed", System.nanoTime());
        var random = new Random(seed);
        for (int i = 0; i < 300_000; i++) {
            String pattern = text(random, LETTERS, 10);
            String text = text(random, random.nextInt(10) == 0 ? LETTERS : "ab", 8);
            boolean actual = Glob.of(Bytes.utf8(pattern)).matches(Bytes.utf8(text));
            String told = "seed=" + seed + " pattern=`" + pattern + "` text=`" + text + "`";
            assertEquals(expected(pattern, text), actual, told);
        }
    }

    @Test
    @Tag("SEC-09")
    void shouldNotTakeLongWhenThePatternIsAbusive() {
        // given
        var pattern = Glob.of(Bytes.utf8("a*".repeat(2_000) + "b"));
        Bytes text = Bytes.utf8("a".repeat(20_000));
        // when, then
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertFalse(pattern.matches(text)));
    }

    private static String text(Random random, String letters, int lengthMax) {
        var text = new StringBuilder();
        for (int i = random.nextInt(lengthMax); 0 < i; i--)
            text.append(letters.charAt(random.nextInt(letters.length())));
        return text.toString();
    }

    // As KEYS does it: the one star alone is not even tried.
    private static boolean expected(String pattern, String text) {
        return pattern.equals("*") || matches(pattern, text);
    }

    private static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        while (p < pattern.length() && t < text.length()) {
            char letter = pattern.charAt(p);
            if (letter == '*') return matchesStar(pattern.substring(p), text.substring(t));
            if (letter == '[') {
                p = afterClass(pattern, p + 1, text.charAt(t));
                if (p < 0) return false;
            } else if (letter != '?') {
                if (letter == '\\' && p + 1 < pattern.length()) p++;
                if (pattern.charAt(p) != text.charAt(t)) return false;
            }
            t++;
            p++;
            if (t == text.length()) while (p < pattern.length() && pattern.charAt(p) == '*') p++;
        }
        return pattern.length() <= p && t == text.length();
    }

    private static boolean matchesStar(String pattern, String text) {
        String rest = pattern.replaceFirst("^\\*+", "");
        if (rest.isEmpty()) return true;
        for (int i = 0; i < text.length(); i++) if (matches(rest, text.substring(i))) return true;
        return false;
    }

    // Where the class ends, at its bracket; -1 if the letter is not in it.
    private static int afterClass(String pattern, int start, char letter) {
        int p = start;
        boolean inverted = p < pattern.length() && pattern.charAt(p) == '^';
        if (inverted) p++;
        boolean found = false;
        while (true) {
            int left = pattern.length() - p;
            if (2 <= left && pattern.charAt(p) == '\\') {
                p++;
                if (pattern.charAt(p) == letter) found = true;
            } else if (0 < left && pattern.charAt(p) == ']') {
                break;
            } else if (left == 0) {
                p--;
                break;
            } else if (3 <= left && pattern.charAt(p + 1) == '-') {
                int low = Math.min(pattern.charAt(p), pattern.charAt(p + 2));
                int high = Math.max(pattern.charAt(p), pattern.charAt(p + 2));
                p += 2;
                if (low <= letter && letter <= high) found = true;
            } else if (pattern.charAt(p) == letter) {
                found = true;
            }
            p++;
        }
        return found == inverted ? -1 : p;
    }
}
