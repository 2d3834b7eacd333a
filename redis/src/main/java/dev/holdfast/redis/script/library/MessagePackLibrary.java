package dev.holdfast.redis.script.library;

import static dev.holdfast.redis.script.lua.HostFunction.one;

import dev.holdfast.redis.script.lua.Call;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `cmsgpack`: values as MessagePack.
public final class MessagePackLibrary {
    private static final int NESTING_MAX = 16;

    private MessagePackLibrary() {}

    /// `cmsgpack`.
    public static LuaTable table() {
        return Library.shared()
                .with("_NAME", LuaString.of("cmsgpack"))
                .with("_VERSION", LuaString.of("lua-cmsgpack 0.4.0"))
                .with("_COPYRIGHT", LuaString.of("Copyright (C) 2012, Salvatore Sanfilippo"))
                .with("_DESCRIPTION", LuaString.of("MessagePack C implementation for Lua"))
                .with("pack", MessagePackLibrary::pack)
                .with("unpack", MessagePackLibrary::unpack)
                .with("unpack_limit", MessagePackLibrary::unpackSome)
                .with("unpack_one", MessagePackLibrary::unpackOne)
                .table();
    }

    private static @Nullable Object[] pack(Call call) {
        if (call.count() == 0) throw call.bad(0, "MessagePack pack needs input.");
        var out = new TextBuffer(call.machine());
        for (Object value : call.arguments()) add(out, call, value, 0);
        return one(out.done());
    }

    private static void add(TextBuffer out, Call call, @Nullable Object value, int level) {
        call.machine().steps(1);
        switch (value) {
            case LuaString text -> {
                addHead(out, text.length());
                out.add(text);
            }
            case Boolean truth -> out.add(truth ? 0xc3 : 0xc2);
            case Double number -> addNumber(out, number);
            case LuaTable table when level < NESTING_MAX -> addTable(out, call, table, level);
            case null, default -> out.add(0xc0);
        }
    }

    private static void addHead(TextBuffer out, int length) {
        if (length < 32) out.add(0xa0 | length);
        else if (length <= 0xff) out.add(0xd9).add(length);
        else if (length <= 0xffff) big(out.add(0xda), length, 2);
        else big(out.add(0xdb), length, 4);
    }

    private static TextBuffer big(TextBuffer out, long value, int bytes) {
        for (int i = bytes - 1; 0 <= i; i--) out.add((int) (value >>> 8 * i));
        return out;
    }

    private static void addNumber(TextBuffer out, double number) {
        boolean isWhole = -0x1p63 <= number && number < 0x1p63 && (double) (long) number == number;
        if (isWhole) addInteger(out, (long) number);
        else if ((double) (float) number == number)
            big(out.add(0xca), Float.floatToIntBits((float) number), 4);
        else big(out.add(0xcb), Double.doubleToLongBits(number), 8);
    }

    private static void addInteger(TextBuffer out, long value) {
        if (0 <= value) {
            if (value <= 127) out.add((int) value);
            else if (value <= 0xff) big(out.add(0xcc), value, 1);
            else if (value <= 0xffff) big(out.add(0xcd), value, 2);
            else if (value <= 0xffff_ffffL) big(out.add(0xce), value, 4);
            else big(out.add(0xcf), value, 8);
            return;
        }
        if (-32 <= value) out.add((int) value);
        else if (Byte.MIN_VALUE <= value) big(out.add(0xd0), value, 1);
        else if (Short.MIN_VALUE <= value) big(out.add(0xd1), value, 2);
        else if (Integer.MIN_VALUE <= value) big(out.add(0xd2), value, 4);
        else big(out.add(0xd3), value, 8);
    }

    private static void addTable(TextBuffer out, Call call, LuaTable table, int level) {
        long count = 0;
        double most = 0;
        boolean isArray = true;
        for (int place = table.after(null); 0 <= place; place = table.after(table.keyAt(place))) {
            count++;
            boolean isIndex =
                    table.keyAt(place) instanceof Double key
                            && 0 < key
                            && key == Math.rint(key)
                            && key <= Integer.MAX_VALUE;
            isArray &= isIndex;
            if (isIndex) most = Math.max(most, (Double) table.keyAt(place));
        }
        if (isArray && most == count) {
            int length = table.length();
            if (length <= 15) out.add(0x90 | length);
            else if (length <= 0xffff) big(out.add(0xdc), length, 2);
            else big(out.add(0xdd), length, 4);
            for (int i = 1; i <= length; i++) add(out, call, table.get(i), level + 1);
            return;
        }
        if (count <= 15) out.add(0x80 | (int) count);
        else if (count <= 0xffff) big(out.add(0xde), count, 2);
        else big(out.add(0xdf), count, 4);
        for (int place = table.after(null); 0 <= place; place = table.after(table.keyAt(place))) {
            add(out, call, table.keyAt(place), level + 1);
            add(out, call, table.valueAt(place), level + 1);
        }
    }

    private static @Nullable Object[] unpack(Call call) {
        return unpack(call, Integer.MAX_VALUE, 0).values.toArray();
    }

    private static @Nullable Object[] unpackOne(Call call) {
        int from = call.small(2, 0);
        call.string(1);
        return withOffset(unpack(call, 1, from));
    }

    private static @Nullable Object[] unpackSome(Call call) {
        int most = call.small(2);
        if (most == 0) return unpack(call, Integer.MAX_VALUE, call.small(3, 0)).values.toArray();
        int from = call.small(3, 0);
        return withOffset(unpack(call, most, from));
    }

    private static @Nullable Object[] withOffset(Unpacked unpacked) {
        return GlobalLibrary.inFront((double) unpacked.next, unpacked.values.toArray());
    }

    /// Values, and where the next one begins; -1 if there is none.
    private record Unpacked(List<@Nullable Object> values, int next) {}

    private static Unpacked unpack(Call call, int most, int from) {
        LuaString source = call.string(1);
        if (from < 0 || most < 0)
            throw LuaError.located(
                    "Invalid request to unpack with offset of "
                            + from
                            + " and limit of "
                            + source.length()
                            + ".");
        if (source.length() < from)
            throw LuaError.located(
                    "Start offset " + from + " greater than input length " + source.length() + ".");
        List<@Nullable Object> values = new ArrayList<>();
        var reader = new MessagePackReader(call.machine(), source, from);
        while (reader.more() && values.size() < most) values.add(reader.next());
        return new Unpacked(values, reader.more() ? reader.at() : -1);
    }
}
