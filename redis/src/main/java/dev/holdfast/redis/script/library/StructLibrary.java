package dev.holdfast.redis.script.library;

import static dev.holdfast.redis.script.lua.HostFunction.one;

import dev.holdfast.redis.script.lua.Call;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `struct`: numbers and strings as bytes, as a format says.
public final class StructLibrary {
    private static final int INTEGER_MAX = 32;
    private static final int RESULTS_MAX = 8000;

    private StructLibrary() {}

    /// `struct`.
    public static LuaTable table() {
        return Library.shared()
                .with("pack", StructLibrary::pack)
                .with("size", StructLibrary::size)
                .with("unpack", StructLibrary::unpack)
                .table();
    }

    /// A walk over a format. Not thread-safe.
    private static final class Layout {
        private final Call call;
        private final LuaString format;
        private int at;
        private boolean isLittle = true;
        private int align = 1;
        private int option;
        private int size;

        Layout(Call call) {
            this.call = call;
            this.format = call.string(1);
        }

        /// Goes to the next option; false at the end, or at a zero byte.
        boolean next() {
            if (at == format.length() || format.at(at) == 0) return false;
            option = format.at(at++);
            size =
                    switch (option) {
                        case 'b', 'B', 'x' -> 1;
                        case 'h', 'H' -> 2;
                        case 'l', 'L', 'T', 'd' -> 8;
                        case 'f' -> 4;
                        case 'c' -> number(1);
                        case 'i', 'I' -> integerSize(number(4));
                        default -> 0;
                    };
            return true;
        }

        private int integerSize(int given) {
            if (INTEGER_MAX < given)
                throw LuaError.located(
                        "integral size " + given + " is larger than limit of " + INTEGER_MAX);
            return given;
        }

        private int number(int other) {
            if (at == format.length() || !isDigit(format.at(at))) return other;
            long value = 0;
            while (at < format.length() && isDigit(format.at(at))) {
                value = value * 10 + format.at(at++) - '0';
                if (Integer.MAX_VALUE < value) throw LuaError.located("integral size overflow");
            }
            return (int) value;
        }

        private static boolean isDigit(int letter) {
            return '0' <= letter && letter <= '9';
        }

        int padding(long length) {
            if (size == 0 || option == 'c') return 0;
            int unit = Math.min(size, align);
            return unit <= 1 ? 0 : (int) (unit - (length & unit - 1) & unit - 1);
        }

        /// What changes the layout itself.
        void control() {
            switch (option) {
                case ' ' -> {}
                case '>' -> isLittle = false;
                case '<' -> isLittle = true;
                case '!' -> {
                    int given = number(8);
                    if (given <= 0 || Integer.bitCount(given) != 1)
                        throw LuaError.located("alignment " + given + " is not a power of 2");
                    align = given;
                }
                default -> throw call.bad(1, "invalid format option '" + (char) option + "'");
            }
        }
    }

    private static @Nullable Object[] pack(Call call) {
        var layout = new Layout(call);
        var out = new TextBuffer(call.machine());
        int argument = 2;
        while (layout.next()) {
            for (int i = layout.padding(out.length()); 0 < i; i--) out.add(0);
            switch (layout.option) {
                case 'b', 'B', 'h', 'H', 'l', 'L', 'T', 'i', 'I' ->
                        addInteger(out, layout, toInteger(call.number(argument++)));
                case 'f' ->
                        addInteger(
                                out, layout, Float.floatToIntBits((float) call.number(argument++)));
                case 'd' ->
                        addInteger(out, layout, Double.doubleToLongBits(call.number(argument++)));
                case 'x' -> out.add(0);
                case 'c', 's' -> {
                    LuaString text = call.string(argument++);
                    int length = layout.size == 0 ? text.length() : layout.size;
                    if (text.length() < length) throw call.bad(argument, "string too short");
                    out.add(text.array(), 0, length);
                    if (layout.option == 's') out.add(0);
                }
                default -> layout.control();
            }
        }
        return one(out.done());
    }

    // As C converts: by way of a signed integer if negative, else of an unsigned one.
    private static long toInteger(double number) {
        if (number < 0) return Values.integer(number);
        return number < 0x1p63 ? (long) number : (long) (number - 0x1p63) + Long.MIN_VALUE;
    }

    private static void addInteger(TextBuffer out, Layout layout, long value) {
        for (int i = 0; i < layout.size; i++) {
            int place = layout.isLittle ? i : layout.size - 1 - i;
            out.add(place < Long.BYTES ? (int) (value >>> 8 * place) : 0);
        }
    }

    private static @Nullable Object[] unpack(Call call) {
        var layout = new Layout(call);
        LuaString source = call.string(2);
        long at = call.integer(3, 1) - 1;
        if (at < 0) throw call.bad(3, "offset must be 1 or greater");
        List<@Nullable Object> results = new ArrayList<>();
        while (layout.next()) {
            at += layout.padding(at);
            check(call, source, at, layout.size);
            if (RESULTS_MAX <= results.size()) throw LuaError.located("too many results");
            int length = layout.size;
            switch (layout.option) {
                case 'b', 'B', 'h', 'H', 'l', 'L', 'T', 'i', 'I' ->
                        results.add(integer(source, (int) at, layout));
                case 'f' ->
                        results.add(
                                (double)
                                        Float.intBitsToFloat((int) bits(source, (int) at, layout)));
                case 'd' -> results.add(Double.longBitsToDouble(bits(source, (int) at, layout)));
                case 'x' -> {}
                case 'c' -> {
                    if (length == 0) length = lengthBefore(results);
                    check(call, source, at, length);
                    results.add(slice(call, source, (int) at, length));
                }
                case 's' -> {
                    length = lengthToZero(source, at);
                    results.add(slice(call, source, (int) at, length - 1));
                }
                default -> layout.control();
            }
            at += length;
        }
        results.add((double) (at + 1));
        return results.toArray();
    }

    private static LuaString slice(Call call, LuaString source, int at, int length) {
        call.machine().memory().charge(length + 48L);
        return source.slice(at, at + length);
    }

    private static void check(Call call, LuaString source, long at, long size) {
        if (source.length() < size || source.length() - size < at)
            throw call.bad(2, "data string too short");
    }

    private static int lengthBefore(List<@Nullable Object> results) {
        Object before = results.isEmpty() ? null : results.removeLast();
        Double length = Values.numberOrNull(before);
        if (length == null) throw LuaError.located("format 'c0' needs a previous size");
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, Values.integer(length)));
    }

    private static int lengthToZero(LuaString source, long from) {
        int at = (int) from;
        while (at < source.length() && source.at(at) != 0) at++;
        if (at == source.length()) throw LuaError.located("unfinished string in data");
        return at - (int) from + 1;
    }

    private static long bits(LuaString source, int at, Layout layout) {
        long bits = 0;
        for (int i = 0; i < layout.size; i++) {
            int place = layout.isLittle ? i : layout.size - 1 - i;
            if (place < Long.BYTES) bits |= (long) source.at(at + i) << 8 * place;
        }
        return bits;
    }

    private static double integer(LuaString source, int at, Layout layout) {
        long bits = bits(source, at, layout);
        boolean isSigned = 'a' <= layout.option && layout.option <= 'z';
        int unused = Math.max(0, Long.SIZE - 8 * layout.size);
        if (isSigned) return bits << unused >> unused;
        return 0 <= bits ? bits : (bits >>> 1) * 2.0 + (bits & 1);
    }

    private static @Nullable Object[] size(Call call) {
        var layout = new Layout(call);
        long total = 0;
        while (layout.next()) {
            total += layout.padding(total);
            if (layout.option == 's') throw call.bad(1, "option 's' has no fixed size");
            if (layout.option == 'c' && layout.size == 0)
                throw call.bad(1, "option 'c0' has no fixed size");
            boolean isControl = 0 <= " ><!".indexOf(layout.option) || layout.size == 0;
            if (isControl) layout.control();
            total += layout.size;
        }
        return one((double) total);
    }
}
