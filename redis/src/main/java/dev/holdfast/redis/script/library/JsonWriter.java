package dev.holdfast.redis.script.library;

import dev.holdfast.redis.script.library.JsonSettings.Strange;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.NullPointer;
import dev.holdfast.redis.script.lua.Values;
import org.jspecify.annotations.Nullable;

/// Writes one value as JSON. Not thread-safe.
final class JsonWriter {
    private static final int DEPTH_CEILING = 2000; // whatever a script sets

    private final Machine machine;
    private final JsonSettings settings;
    private final TextBuffer out;

    JsonWriter(Machine machine, JsonSettings settings) {
        this.machine = machine;
        this.settings = settings;
        this.out = new TextBuffer(machine);
    }

    LuaString write(@Nullable Object value) {
        add(value, 0);
        return out.done();
    }

    private void add(@Nullable Object value, int depth) {
        machine.steps(1);
        switch (value) {
            case null -> out.add("null");
            case NullPointer _ -> out.add("null");
            case Boolean truth -> out.add(truth.toString());
            case Double number -> out.add(text(number));
            case LuaString text -> quote(text);
            case LuaTable table -> addTable(table, depth + 1);
            default -> throw refused(Values.typeOf(value), "type not supported");
        }
    }

    private static LuaError refused(String type, String why) {
        return LuaError.located("Cannot serialise " + type + ": " + why);
    }

    private void addTable(LuaTable table, int depth) {
        if (Math.min(settings.writeDepthMax, DEPTH_CEILING) < depth)
            throw LuaError.located("Cannot serialise, excessive nesting (" + depth + ")");
        long length = arrayLength(table);
        if (0 < length) addArray(table, length, depth);
        else addObject(table, depth);
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

    private void addArray(LuaTable table, long length, int depth) {
        out.add('[');
        for (int i = 1; i <= length; i++) {
            if (1 < i) out.add(',');
            add(table.get(i), depth);
        }
        out.add(']');
    }

    private void addObject(LuaTable table, int depth) {
        out.add('{');
        boolean isFirst = true;
        for (int place = table.after(null); 0 <= place; place = table.after(table.keyAt(place))) {
            if (!isFirst) out.add(',');
            isFirst = false;
            switch (table.keyAt(place)) {
                case Double number -> out.add('"').add(text(number)).add("\":");
                case LuaString text -> {
                    quote(text);
                    out.add(':');
                }
                default -> throw refused("table", "table key must be a number or string");
            }
            add(table.valueAt(place), depth);
        }
        out.add('}');
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
