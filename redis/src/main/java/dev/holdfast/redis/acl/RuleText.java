package dev.holdfast.redis.acl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The text of rules. Each character stands for one byte, so that whatever bytes a name or pattern
/// is made of come out as they went in.
final class RuleText {
    private RuleText() {}

    static String of(Bytes bytes) {
        return new String(bytes.array(), bytes.offset(), bytes.length(), ISO_8859_1);
    }

    static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(ISO_8859_1));
    }

    /// The name of a user, which is UTF-8, as part of rules.
    static String ofName(String name) {
        return of(Bytes.utf8(name));
    }

    /// True if `text` would not survive as one word.
    static boolean hasBlanks(String text) {
        for (int i = 0; i < text.length(); i++) if (isBlank(text.charAt(i))) return true;
        return false;
    }

    private static boolean isBlank(char letter) {
        return letter == ' ' || letter == 0 || '\t' <= letter && letter <= '\r';
    }

    /// The words of a line.
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            int start = at;
            while (at < line.length() && !isBlank(line.charAt(at))) at++;
            if (start < at) words.add(line.substring(start, at));
            else at++;
        }
        return words;
    }

    /// Rules, of which those that stand in parentheses have become one each; or the place of the
    /// first parenthesis that nothing closes.
    ///
    /// @param openAt -1 if each is closed
    record Joined(List<String> rules, int openAt) {
        /// The rule that begins with the open parenthesis; null if each is closed.
        @Nullable String openIn(List<String> given) {
            return openAt < 0 ? null : given.get(openAt);
        }
    }

    static Joined join(List<String> given) {
        List<String> rules = new ArrayList<>();
        var open = new StringBuilder();
        int openAt = -1;
        for (int i = 0; i < given.size(); i++) {
            String rule = given.get(i);
            if (openAt < 0 && (!rule.startsWith("(") || rule.endsWith(")"))) {
                rules.add(rule);
                continue;
            }
            if (openAt < 0) openAt = i;
            open.append(open.isEmpty() ? "" : " ").append(rule);
            if (!rule.endsWith(")")) continue;
            rules.add(open.toString());
            open.setLength(0);
            openAt = -1;
        }
        return new Joined(rules, openAt);
    }
}
