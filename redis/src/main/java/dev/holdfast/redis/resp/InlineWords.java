package dev.holdfast.redis.resp;

import dev.holdfast.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The words of a line that a person typed: split at blanks, with quotes as in a shell.
///
/// `"..."` knows `\n \r \t \b \a \xHH`; `'...'` knows only `\'`.
public final class InlineWords {
    private final byte[] line;
    private final int end;
    private int at;

    private InlineWords(byte[] line, int start, int end) {
        this.line = line;
        this.at = start;
        this.end = end;
    }

    /// The words in `[start, end)` of `line`, or null if a quote is not closed.
    public static @Nullable List<Bytes> split(byte[] line, int start, int end) {
        var words = new InlineWords(line, start, end);
        List<Bytes> found = new ArrayList<>();
        for (words.skipBlanks(); words.at < end; words.skipBlanks()) {
            Bytes word = words.word();
            if (word == null) return null;
            found.add(word);
        }
        return found;
    }

    private void skipBlanks() {
        while (at < end && isBlank(line[at])) at++;
    }

    private @Nullable Bytes word() {
        var word = new ByteArrayOutputStream();
        while (at < end && !isBlank(line[at])) {
            byte letter = line[at++];
            if (letter != '"' && letter != '\'') {
                word.write(letter);
                continue;
            }
            boolean closed = letter == '"' ? doubleQuoted(word) : singleQuoted(word);
            boolean alone = at == end || isBlank(line[at]);
            if (!closed || !alone) return null;
            break;
        }
        return Bytes.wrap(word.toByteArray());
    }

    private boolean singleQuoted(ByteArrayOutputStream word) {
        while (at < end) {
            byte letter = line[at++];
            if (letter == '\'') return true;
            if (letter == '\\' && at < end && line[at] == '\'') letter = line[at++];
            word.write(letter);
        }
        return false;
    }

    private boolean doubleQuoted(ByteArrayOutputStream word) {
        while (at < end) {
            byte letter = line[at++];
            if (letter == '"') return true;
            word.write(letter == '\\' && at < end ? escaped() : letter);
        }
        return false;
    }

    private int escaped() {
        byte letter = line[at++];
        if (letter == 'x' && at + 1 < end && 0 <= hex(line[at]) && 0 <= hex(line[at + 1])) {
            int value = hex(line[at]) << 4 | hex(line[at + 1]);
            at += 2;
            return value;
        }
        return switch (letter) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            default -> letter;
        };
    }

    private static int hex(byte letter) {
        return Character.digit(letter, 16);
    }

    private static boolean isBlank(byte letter) {
        return letter == ' ' || ('\t' <= letter && letter <= '\r') || letter == 0;
    }
}
