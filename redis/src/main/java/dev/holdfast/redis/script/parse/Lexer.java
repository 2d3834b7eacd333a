package dev.holdfast.redis.script.parse;

import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.Values;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Cuts source into words, with one word to look ahead. Not thread-safe.
final class Lexer {
    private static final int END = -1;

    private final byte[] source;
    private final String chunk;
    private int at;
    private int line = 1;
    private int lastLine = 1;
    private Word present = new Word(Token.END_OF_TEXT, LuaString.EMPTY, 0, "");
    private @Nullable Word ahead;
    private ByteArrayOutputStream taken = new ByteArrayOutputStream();

    /// One word.
    ///
    /// @param text the content of a name or string
    /// @param raw as errors show it
    record Word(Token token, LuaString text, double number, String raw) {}

    Lexer(LuaString source, String chunk) {
        this.source = source.array();
        this.chunk = Machine.chunk(chunk);
        next();
    }

    Word present() {
        return present;
    }

    Token token() {
        return present.token;
    }

    /// The line of the present word.
    int line() {
        return line;
    }

    /// The line of the word before the present one.
    int lastLine() {
        return lastLine;
    }

    void next() {
        lastLine = line;
        if (ahead != null) {
            present = ahead;
            ahead = null;
            return;
        }
        present = scan();
    }

    /// The word behind the present one.
    Token peek() {
        if (ahead == null) ahead = scan();
        return ahead.token;
    }

    /// An error at the present word.
    LuaError error(String message) {
        return error(message, present.raw);
    }

    /// An error of the whole chunk.
    LuaError failure(String message) {
        return LuaError.bare(chunk + ":" + line + ": " + message);
    }

    private LuaError error(String message, String near) {
        return failure(message + " near '" + near + "'");
    }

    private int letter() {
        return at < source.length ? source[at] & 0xff : END;
    }

    private int letterAhead() {
        return at + 1 < source.length ? source[at + 1] & 0xff : END;
    }

    private void take() {
        taken.write(letter());
        at++;
    }

    private String takenText() {
        return taken.toString(StandardCharsets.ISO_8859_1);
    }

    private Word scan() {
        taken = new ByteArrayOutputStream();
        while (true) {
            int letter = letter();
            if (letter == END) return plain(Token.END_OF_TEXT);
            if (letter == '\n' || letter == '\r') newline();
            else if (Values.isBlank(letter)) at++;
            else if (letter == '-' && letterAhead() == '-') skipComment();
            else break;
        }
        int letter = letter();
        if (letter == '"' || letter == '\'') return string(letter);
        if (isDigit(letter) || letter == '.' && isDigit(letterAhead())) return number();
        if (isNamed(letter)) return name();
        if (letter == '[') {
            int level = levelAt(at);
            if (0 <= level) return longString(level);
            if (level == -2) {
                while (letter() == '[' || letter() == '=') take();
                throw error("invalid long string delimiter", takenText());
            }
        }
        return symbol();
    }

    private static Word plain(Token token) {
        return new Word(token, LuaString.EMPTY, 0, token.text());
    }

    private Word symbol() {
        for (int length = 3; 0 < length; length--) {
            if (source.length < at + length) continue;
            String text = new String(source, at, length, StandardCharsets.ISO_8859_1);
            Token token = Token.of(text);
            if (token == null) continue;
            at += length;
            return plain(token);
        }
        int letter = letter();
        at++;
        String shown = letter < 32 || letter == 127 ? "char(" + letter + ")" : (char) letter + "";
        return new Word(Token.OTHER, LuaString.EMPTY, 0, shown);
    }

    private void newline() {
        int first = letter();
        at++;
        int second = letter();
        if ((second == '\n' || second == '\r') && second != first) at++;
        line++;
    }

    private void skipComment() {
        at += 2;
        int level = letter() == '[' ? levelAt(at) : -1;
        if (0 <= level) {
            longBracket(level, "comment");
            taken = new ByteArrayOutputStream();
            return;
        }
        while (letter() != END && letter() != '\n' && letter() != '\r') at++;
    }

    // How many equals signs a long bracket has; -1 if it is a bracket alone, -2 if it is neither.
    private int levelAt(int bracket) {
        int end = bracket + 1;
        while (end < source.length && source[end] == '=') end++;
        if (end < source.length && source[end] == source[bracket]) return end - bracket - 1;
        return end == bracket + 1 ? -1 : -2;
    }

    private Word longString(int level) {
        LuaString text = longBracket(level, "string");
        return new Word(Token.STRING, text, 0, text.text());
    }

    private LuaString longBracket(int level, String what) {
        at += level + 2;
        if (letter() == '\n' || letter() == '\r') newline();
        while (true) {
            switch (letter()) {
                case END -> throw error("unfinished long " + what, Token.END_OF_TEXT.text());
                case '[' -> {
                    if (level == 0 && letterAhead() == '[')
                        throw error("nesting of [[...]] is deprecated", "[");
                    take();
                }
                case ']' -> {
                    if (levelAt(at) == level) {
                        at += level + 2;
                        return LuaString.wrap(taken.toByteArray());
                    }
                    take();
                }
                case '\n', '\r' -> {
                    newline();
                    taken.write('\n');
                }
                default -> take();
            }
        }
    }

    private Word string(int quote) {
        var content = new ByteArrayOutputStream();
        take();
        while (letter() != quote) {
            switch (letter()) {
                case END -> throw error("unfinished string", Token.END_OF_TEXT.text());
                case '\n', '\r' -> throw error("unfinished string", takenText());
                case '\\' -> escape(content);
                default -> {
                    content.write(letter());
                    take();
                }
            }
        }
        take();
        return new Word(Token.STRING, LuaString.wrap(content.toByteArray()), 0, takenText());
    }

    private void escape(ByteArrayOutputStream content) {
        at++;
        int letter = letter();
        if (letter == END) return;
        if (letter == '\n' || letter == '\r') {
            newline();
            put(content, '\n');
            return;
        }
        if (isDigit(letter)) {
            int value = 0;
            for (int i = 0; i < 3 && isDigit(letter()); i++)
                value = value * 10 + source[at++] - '0';
            if (255 < value) throw error("escape sequence too large", takenText());
            put(content, value);
            return;
        }
        at++;
        put(
                content,
                switch (letter) {
                    case 'a' -> 7;
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'v' -> 11;
                    default -> letter;
                });
    }

    private void put(ByteArrayOutputStream content, int value) {
        content.write(value);
        taken.write(value);
    }

    private Word number() {
        do take();
        while (isDigit(letter()) || letter() == '.');
        if (letter() == 'e' || letter() == 'E') {
            take();
            if (letter() == '+' || letter() == '-') take();
        }
        while (isNamed(letter()) || isDigit(letter())) take();
        Double value = Values.parse(takenText());
        if (value == null) throw error("malformed number", takenText());
        return new Word(Token.NUMBER, LuaString.EMPTY, value, takenText());
    }

    private Word name() {
        while (isNamed(letter()) || isDigit(letter())) take();
        Token keyword = Token.of(takenText());
        if (keyword != null) return plain(keyword);
        return new Word(Token.NAME, LuaString.wrap(taken.toByteArray()), 0, takenText());
    }

    private static boolean isDigit(int letter) {
        return '0' <= letter && letter <= '9';
    }

    private static boolean isNamed(int letter) {
        return 'a' <= letter && letter <= 'z' || 'A' <= letter && letter <= 'Z' || letter == '_';
    }
}
