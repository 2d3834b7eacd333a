package dev.holdfast.redis.script.library;

import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.NullPointer;
import dev.holdfast.redis.script.lua.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Reads one value of JSON. Not thread-safe.
final class JsonReader {
    private static final int OPEN_BYTES = 64;
    private static final String NUMBER_LETTERS = "+-.0123456789abcdefABCDEFxXpPiInNtTyY";

    private final Machine machine;
    private final JsonSettings settings;
    private final LuaString source;
    private int at;
    private final Deque<Open> open = new ArrayDeque<>();

    private String kind = ""; // of the present token, as errors call it
    private int begin; // of the present token
    private @Nullable Object value;

    JsonReader(Machine machine, JsonSettings settings, LuaString source) {
        this.machine = machine;
        this.settings = settings;
        this.source = source;
    }

    /// A table that is being read. Tables within tables take no stack of the thread.
    private static final class Open {
        final LuaTable table;
        @Nullable Object key; // the last one of an object; null in an array
        int index;

        Open(LuaTable table) {
            this.table = table;
        }
    }

    @Nullable Object read() {
        int pinned = machine.pinned();
        try {
            return readAll();
        } finally {
            machine.unpinTo(pinned);
        }
    }

    private @Nullable Object readAll() {
        if (2 <= source.length() && (source.at(0) == 0 || source.at(1) == 0))
            throw LuaError.located("JSON parser does not support UTF-16 or UTF-32");
        next();
        Object read = begun();
        while (!open.isEmpty()) {
            Open last = open.peek();
            store(last, read);
            read = last.key == null ? goOnInArray(last) : goOnInObject(last);
        }
        next();
        if (!kind.equals("T_END")) throw expected("the end");
        return read;
    }

    private LuaError expected(String what) {
        return LuaError.located(
                "Expected " + what + " but found " + kind + " at character " + (begin + 1));
    }

    // The value that begins at the present token: that of the first member, of the first member of
    // that, and so on, with all that are around it open.
    private @Nullable Object begun() {
        while (true) {
            Object found;
            switch (kind) {
                case "T_STRING", "T_NUMBER", "T_BOOLEAN" -> found = value;
                case "T_NULL" -> found = NullPointer.NULL;
                case "T_OBJ_BEGIN" -> found = beginObject();
                case "T_ARR_BEGIN" -> found = beginArray();
                default -> throw expected("value");
            }
            if (found != null) return found;
        }
    }

    // The table if it is empty; else null, and the present token is its first value.
    private @Nullable LuaTable beginObject() {
        begin();
        next();
        if (kind.equals("T_OBJ_END")) return end();
        readKey(java.util.Objects.requireNonNull(open.peek()));
        return null;
    }

    private @Nullable LuaTable beginArray() {
        begin();
        next();
        return kind.equals("T_ARR_END") ? end() : null;
    }

    private void begin() {
        int depth = open.size() + 1;
        if (settings.readDepthMax < depth)
            throw LuaError.located(
                    "Found too many nested data structures (" + depth + ") at character " + at);
        machine.memory().charge(OPEN_BYTES);
        LuaTable table = machine.table();
        machine.pin(table);
        open.push(new Open(table));
    }

    private LuaTable end() {
        machine.unpin();
        return open.pop().table;
    }

    private void readKey(Open object) {
        if (!kind.equals("T_STRING")) throw expected("object key string");
        object.key = value;
        next();
        if (!kind.equals("T_COLON")) throw expected("colon");
        next();
    }

    private static void store(Open last, @Nullable Object read) {
        if (last.key == null) last.table.set(++last.index, read);
        else Machine.rawSet(last.table, last.key, read);
    }

    private @Nullable Object goOnInArray(Open array) {
        next();
        if (kind.equals("T_ARR_END")) return end();
        if (!kind.equals("T_COMMA")) throw expected("comma or array end");
        next();
        return begun();
    }

    private @Nullable Object goOnInObject(Open object) {
        next();
        if (kind.equals("T_OBJ_END")) return end();
        if (!kind.equals("T_COMMA")) throw expected("comma or object end");
        next();
        readKey(object);
        return begun();
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
        for (int i = 0; i < word.length(); i++) if (letter(at + i) != word.charAt(i)) return false;
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
        while (0 <= NUMBER_LETTERS.indexOf(letter(end)) && letter(end) != 0 && end < at + 400)
            end++;
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
