package dev.holdfast.redis.script.library;

import dev.holdfast.redis.script.library.JsonSettings.Strange;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.NullPointer;
import dev.holdfast.redis.script.lua.Values;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Writes one value as JSON. Not thread-safe.
final class JsonWriter {
    private static final int OPEN_BYTES = 64;

    private final Machine machine;
    private final JsonSettings settings;
    private final TextBuffer out;
    private final Deque<Open> open = new ArrayDeque<>();

    JsonWriter(Machine machine, JsonSettings settings) {
        this.machine = machine;
        this.settings = settings;
        this.out = new TextBuffer(machine);
    }

    /// A table that is being written. Tables within tables take no stack of the thread.
    private static final class Open {
        final LuaTable table;
        final long length; // of an array; 0 if it is none
        long index;
        @Nullable Object key;

        Open(LuaTable table, long length) {
            this.table = table;
            this.length = length;
        }
    }

    LuaString write(@Nullable Object value) {
        add(value);
        while (!open.isEmpty()) {
            Open last = open.peek();
            if (0 < last.length) addElement(last);
            else addMember(last);
        }
        return out.done();
    }

    private void add(@Nullable Object value) {
        machine.steps(1);
        switch (value) {
            case null -> out.add("null");
            case NullPointer _ -> out.add("null");
            case Boolean truth -> out.add(truth.toString());
            case Double number -> out.add(text(number));
            case LuaString text -> quote(text);
            case LuaTable table -> begin(table);
            default -> throw refused(Values.typeOf(value), "type not supported");
        }
    }

    private static LuaError refused(String type, String why) {
        return LuaError.located("Cannot serialise " + type + ": " + why);
    }

    private void begin(LuaTable table) {
        int depth = open.size() + 1;
        if (settings.writeDepthMax < depth)
            throw LuaError.located("Cannot serialise, excessive nesting (" + depth + ")");
        machine.memory().charge(OPEN_BYTES);
        long length = arrayLength(table);
        open.push(new Open(table, Math.max(0, length)));
        out.add(0 < length ? '[' : '{');
    }

    // -1 if it is no array.
    private long arrayLength(LuaTable table) {
        double most = 0;
        long count = 0;
        for (int place = table.after(null); 0 <= place; place = table.after(table.keyAt(place))) {
            if (!(table.keyAt(place) instanceof Double key)) return -1;
            if (key < 1 || key != Math.rint(key) || Integer.MAX_VALUE < key) return -1;
            most = Math.max(most, key);
            count++;
        }
        boolean isSparse =
                0 < settings.sparseRatio
                        && (double) count * settings.sparseRatio < most
                        && settings.sparseSafe < most;
        if (!isSparse) return (long) most;
        if (!settings.convertsSparse) throw refused("table", "excessively sparse array");
        return -1;
    }

    private void addElement(Open array) {
        if (array.index == array.length) {
            out.add(']');
            open.pop();
            return;
        }
        if (0 < array.index++) out.add(',');
        add(array.table.get((int) array.index));
    }

    private void addMember(Open object) {
        int place = object.table.after(object.key);
        if (place < 0) {
            out.add('}');
            open.pop();
            return;
        }
        if (object.key != null) out.add(',');
        object.key = object.table.keyAt(place);
        switch (object.key) {
            case Double number -> out.add('"').add(text(number)).add("\":");
            case LuaString text -> {
                quote(text);
                out.add(':');
            }
            default ->
                    throw refused(
                            Values.typeOf(object.key), "table key must be a number or string");
        }
        add(object.table.valueAt(place));
    }

    private String text(double number) {
        boolean isStrange = Double.isNaN(number) || Double.isInfinite(number);
        if (!isStrange) return Values.general(number, settings.digits);
        if (settings.strangeWritten == Strange.NULL) return "null";
        if (settings.strangeWritten == Strange.REFUSED)
            throw refused("number", "must not be NaN or Inf");
        if (Double.isNaN(number)) return "nan";
        return Values.general(number, settings.digits);
    }

    private void quote(LuaString text) {
        out.add('"');
        for (int i = 0; i < text.length(); i++) {
            int letter = text.at(i);
            switch (letter) {
                case '"', '\\', '/' -> out.add('\\').add(letter);
                case '\b' -> out.add("\\b");
                case '\t' -> out.add("\\t");
                case '\n' -> out.add("\\n");
                case '\f' -> out.add("\\f");
                case '\r' -> out.add("\\r");
                default -> {
                    if (32 <= letter && letter != 127) out.add(letter);
                    else out.add(String.format(java.util.Locale.ROOT, "\\u%04x", letter));
                }
            }
        }
        out.add('"');
        machine.steps(text.length() / 16);
    }
}
