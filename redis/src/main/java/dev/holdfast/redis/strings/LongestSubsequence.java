package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// The longest common subsequence of two strings, and the runs of bytes that it is made of.
///
/// Of several subsequences it is the one that Redis finds. One bit is kept for each pair of places
/// instead of a length, which is all that the way back needs.
final class LongestSubsequence {
    private final Bytes one;
    private final Bytes other;
    private final BitSet shortensOne = new BitSet(); // at one's place * other's length + its place
    private final int length;

    /// A run of bytes that both strings have in common, by where it starts in each.
    record Match(int start, int otherStart, int length) {}

    LongestSubsequence(Bytes one, Bytes other) {
        this.one = one;
        this.other = other;
        this.length = fill();
    }

    int length() {
        return length;
    }

    private int fill() {
        int width = other.length();
        int[] above = new int[width + 1];
        int[] row = new int[width + 1];
        for (int i = 0; i < one.length(); i++) {
            for (int j = 0; j < width; j++) row[j + 1] = longest(i, j, above, row[j]);
            int[] spare = above;
            above = row;
            row = spare;
        }
        return above[width];
    }

    private int longest(int i, int j, int[] above, int left) {
        if (one.at(i) == other.at(j)) return above[j] + 1;
        if (left < above[j + 1]) shortensOne.set(i * other.length() + j);
        return Math.max(above[j + 1], left);
    }

    /// The bytes of the subsequence.
    Bytes bytes() {
        byte[] bytes = new byte[length];
        int end = length;
        for (Match match : matches()) {
            end -= match.length;
            one.slice(match.start, match.start + match.length).copyTo(bytes, end);
        }
        return Bytes.wrap(bytes);
    }

    /// The runs, from the last one to the first.
    List<Match> matches() {
        List<Match> matches = new ArrayList<>();
        int i = one.length();
        int j = other.length();
        int run = 0;
        while (0 < i && 0 < j) {
            if (one.at(i - 1) == other.at(j - 1)) {
                i--;
                j--;
                run++;
                continue;
            }
            if (0 < run) matches.add(new Match(i, j, run));
            run = 0;
            if (shortensOne.get((i - 1) * other.length() + j - 1)) i--;
            else j--;
        }
        if (0 < run) matches.add(new Match(i, j, run));
        return matches;
    }
}
