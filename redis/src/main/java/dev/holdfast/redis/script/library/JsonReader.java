package dev.holdfast.redis.script.library;

import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.NullPointer;
import dev.holdfast.redis.script.lua.Values;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads one value of JSON. Not thread-safe.
final class JsonReader {
    private static final int DEPTH_CEILING = 2000; // whatever a script sets
    private static final String NUMBER_LETTERS = "+-.0123456789abcdefABCDEFxXpPiInNtTyY";

    private final Machine machine;
    private final JsonSettings settings;
    private final LuaString source;
    private int at;
    private int depth;

    private String kind = ""; // of the present token, as errors call it
    private int begin; // of the present token
    private @Nullable Object value;

    JsonReader(Machine machine, JsonSettings settings, LuaString source) {
        this.machine = machine;
        this.settings = settings;
        this.source = source;
    }

    @Nullable Object read() {
        if (2 <= source.length() && (source.at(0) == 0 || source.at(1) == 0))
            throw LuaError.located("JSON parser does not support UTF-16 or UTF-32");
        next();
        Object read = value();
        next();
        if (!kind.equals("T_END")) throw expected("the end");
        return read;
    }

    private LuaError expected(String what) {
        return LuaError.located(
                "Expected " + what + " but found " + kind + " at character " + (begin + 1));
    }

    private @Nullable Object value() {
        return switch (kind) {
            case "T_STRING", "T_NUMBER", "T_BOOLEAN" -> value;
            case "T_NULL" -> NullPointer.NULL;
            case "T_OBJ_BEGIN" -> object();
            case "T_ARR_BEGIN" -> array();
            default -> throw expected("value");
        };
    }

    private void descend() {
        if (Math.min(settings.readDepthMax, DEPTH_CEILING) < ++depth)
            throw LuaError.located("Found too many nested data structures (" + depth + ")");
    }

    private LuaTable object() {
        descend();
        LuaTable table = machine.table();
        next();
        if (kind.equals("T_OBJ_END")) {
            depth--;
            return table;
        }
        while (true) {
            if (!kind.equals("T_STRING")) throw expected("object key string");
            Object key = value;
            next();
            if (!kind.equals("T_COLON")) throw expected("colon");
            next();
            Machine.rawSet(table, key, value());
            next();
            if (kind.equals("T_OBJ_END")) break;
            if (!kind.equals("T_COMMA")) throw expected("comma or object end");
            next();
        }
        depth--;
        return table;
    }

    private LuaTable array() {
        descend();
        LuaTable table = machine.table();
        next();
        if (kind.equals("T_ARR_END")) {
            depth--;
            return table;
        }
        for (int i = 1; ; i++) {
            table.set(i, value());
            next();
            if (kind.equals("T_ARR_END")) break;
            if (!kind.equals("T_COMMA")) throw expected("comma or array end");
            next();
        }
        depth--;
        return table;
    }

    // A zero byte stands for the end, wherever it is.
    private int letter(int index) {
        return index < source.length() ? source.at(index) : 0;
    }

    private void next() {
        machine.steps(1);
        while (0 <= " \t\n\r".indexOf(letter(at)) && at < source.length()) at++;
        begin = at;
        int letter = letter(at);
        switch (letter) {
            case '{' -> single("T_OBJ_BEGIN");
            case '}' -> single("T_OBJ_END");
            case '[' -> single("T_ARR_BEGIN");
            case ']' -> single("T_ARR_END");
            case ':' -> single("T_COLON");
            case ',' -> single("T_COMMA");
            case 0 -> kind = "T_END";
            case '"' -> string();
            default -> wordOrNumber(letter);
        }
    }

    private void single(String found) {
        kind = found;
        at++;
    }

    private void wordOrNumber(int letter) {
        boolean isDigit = '0' <= letter && letter <= '9';
        if (letter == '-' || isDigit) {
            if (!settings.takesStrange && isStrange()) fail("invalid number");
            else number();
        } else if (isWord("true")) literal("T_BOOLEAN", "true", true);
        else if (isWord("false")) literal("T_BOOLEAN", "false", false);
        else if (isWord("null")) literal("T_NULL", "null", null);
        else if (settings.takesStrange && 0 <= "+IiNn".indexOf(letter) && isStrange()) number();
        else fail("invalid token");
    }

    private boolean isWord(String word) {
        for (int i = 0; i < word.length(); i++)
            if (letter(at + i) != word.charAt(i)) return false;
        return true;
    }

    private void literal(String found, String word, @Nullable Object meant) {
        kind = found;
        value = meant;
        at += word.length();
    }

    private void fail(String what) {
        kind = what;
        begin = at;
    }

    // A number that C reads and JSON has not.
    private boolean isStrange() {
        int p = at;
        if (letter(p) == '+') return true;
        if (letter(p) == '-') p++;
        int second = letter(p + 1);
        if (letter(p) == '0') return (second | 0x20) == 'x' || '0' <= second && second <= '9';
        if (letter(p) <= '9') return false;
        String name = (char) (letter(p) | 0x20) + "" + (char) (second | 0x20);
        int third = letter(p + 2) | 0x20;
        return name.equals("in") && third == 'f' || name.equals("na") && third == 'n';
    }

    // The longest beginning that is a number to C.
    private void number() {
        int end = at;
        while (0 <= NUMBER_LETTERS.indexOf(letter(end)) && letter(end) != 0 && end < at + 400) end++;
        String letters = new String(source.array(), at, end - at, StandardCharsets.ISO_8859_1);
        for (int length = letters.length(); 0 < length; length--) {
            Double number = Values.parse(letters.substring(0, length));
            if (number == null) continue;
            kind = "T_NUMBER";
            value = number;
            at += length;
            return;
        }
        fail("invalid number");
    }

    private void string() {
        at++;
        var text = new TextBuffer(machine);
        while (letter(at) != '"') {
            int letter = letter(at);
            if (letter == 0) {
                fail("unexpected end of string");
                return;
            }
            if (letter != '\\') {
                text.add(letter);
                at++;
                continue;
            }
            if (letter(at + 1) == 'u') {
                if (!unicode(text)) {
                    fail("invalid unicode escape code");
                    return;
                }
                continue;
            }
            int meant = escaped(letter(at + 1));
            if (meant == 0) {
                fail("invalid escape code");
                return;
            }
            text.add(meant);
            at += 2;
        }
        at++;
        kind = "T_STRING";
        value = text.done();
        machine.steps((at - begin) / 16);
    }

    private static int escaped(int letter) {
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'b' -> '\b';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'r' -> '\r';
            default -> 0;
        };
    }

    private boolean unicode(TextBuffer text) {
        int code = hex(at + 2);
        if (code < 0) return false;
        int length = 6;
        if ((code & 0xf800) == 0xd800) {
            boolean isPair = (code & 0x400) == 0 && letter(at + 6) == '\\' && letter(at + 7) == 'u';
            int low = isPair ? hex(at + 8) : -1;
            if (low < 0 || (low & 0xfc00) != 0xdc00) return false;
            code = Character.toCodePoint((char) code, (char) low);
            length = 12;
        }
        byte[] encoded = Character.toString(code).getBytes(StandardCharsets.UTF_8);
        text.add(encoded, 0, encoded.length);
        at += length;
        return true;
    }

    private int hex(int from) {
        int code = 0;
        for (int i = from; i < from + 4; i++) {
            int letter = letter(i);
            int digit = letter < 128 ? Character.digit(letter, 16) : -1;
            if (digit < 0) return -1;
            code = code << 4 | digit;
        }
        return code;
    }
}
