package dev.holdfast.redis.script.library;

import static dev.holdfast.redis.script.lua.HostFunction.one;

import dev.holdfast.redis.script.lua.Call;
import dev.holdfast.redis.script.lua.HostFunction;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaFunction;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.Values;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// `string`.
public final class TextLibrary {
    private static final String SPECIALS = "^$*+?.([%-";

    private TextLibrary() {}

    /// `string`.
    public static LuaTable table() {
        HostFunction.Body gmatch = TextLibrary::gmatch;
        return Library.shared()
                .with("byte", TextLibrary::bytes)
                .with("char", TextLibrary::chars)
                .with("dump", TextLibrary::dump)
                .with("find", call -> find(call, Wanted.PLACE))
                .with("format", Format::format)
                .with("gfind", gmatch)
                .with("gmatch", gmatch)
                .with("gsub", TextLibrary::gsub)
                .with("len", call -> one((double) call.string(1).length()))
                .with("lower", call -> one(mapped(call, 'A', 'Z')))
                .with("match", call -> find(call, Wanted.TEXT))
                .with("rep", TextLibrary::repeat)
                .with("reverse", TextLibrary::reverse)
                .with("sub", TextLibrary::sub)
                .with("upper", call -> one(mapped(call, 'a', 'z')))
                .table();
    }

    private enum Wanted {
        PLACE,
        TEXT
    }

    /// `prefix` and `text` as one string.
    static LuaString joined(Call call, String prefix, LuaString text) {
        byte[] first = prefix.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = call.machine().room((long) first.length + text.length());
        System.arraycopy(first, 0, bytes, 0, first.length);
        System.arraycopy(text.array(), 0, bytes, first.length, text.length());
        return LuaString.wrap(bytes);
    }

    // A position from the end counts from the beginning then; before the beginning it is 0.
    private static long place(long given, int length) {
        long counted = given < 0 ? given + length + 1 : given;
        return Math.max(0, counted);
    }

    private static @Nullable Object[] bytes(Call call) {
        LuaString text = call.string(1);
        long from = place(call.integer(2, 1), text.length());
        long to = place(call.integer(3, from), text.length());
        from = Math.max(1, from);
        to = Math.min(to, text.length());
        if (to < from) return HostFunction.NOTHING;
        if (8000 < to - from) throw LuaError.located("stack overflow (string slice too long)");
        @Nullable Object[] values = new Object[(int) (to - from + 1)];
        for (int i = 0; i < values.length; i++) values[i] = (double) text.at((int) from - 1 + i);
        return values;
    }

    private static @Nullable Object[] chars(Call call) {
        byte[] bytes = call.machine().room(call.count());
        for (int i = 1; i <= call.count(); i++) {
            int value = call.small(i);
            if (value < 0 || 255 < value) throw call.bad(i, "invalid value");
            bytes[i - 1] = (byte) value;
        }
        return one(LuaString.wrap(bytes));
    }

    private static @Nullable Object[] dump(Call call) {
        call.function(1);
        throw LuaError.located("unable to dump given function");
    }

    private static LuaString mapped(Call call, char first, char last) {
        LuaString text = call.string(1);
        byte[] bytes = call.machine().room(text.length());
        for (int i = 0; i < bytes.length; i++) {
            int letter = text.at(i);
            bytes[i] = (byte) (first <= letter && letter <= last ? letter ^ 0x20 : letter);
        }
        return LuaString.wrap(bytes);
    }

    private static @Nullable Object[] repeat(Call call) {
        LuaString text = call.string(1);
        int count = Math.max(0, call.small(2));
        byte[] bytes = call.machine().room((long) text.length() * count);
        call.machine().steps(bytes.length / 64);
        for (int i = 0; i < count && text.length() != 0; i++)
            System.arraycopy(text.array(), 0, bytes, i * text.length(), text.length());
        return one(LuaString.wrap(bytes));
    }

    private static @Nullable Object[] reverse(Call call) {
        LuaString text = call.string(1);
        byte[] bytes = call.machine().room(text.length());
        for (int i = 0; i < bytes.length; i++) bytes[i] = text.array()[bytes.length - 1 - i];
        return one(LuaString.wrap(bytes));
    }

    private static @Nullable Object[] sub(Call call) {
        LuaString text = call.string(1);
        long from = Math.max(1, place(call.integer(2), text.length()));
        long to = Math.min(text.length(), place(call.integer(3, -1), text.length()));
        if (to < from) return one(LuaString.EMPTY);
        call.machine().memory().charge(to - from + 48);
        return one(text.slice((int) from - 1, (int) to));
    }

    private static @Nullable Object[] find(Call call, Wanted wanted) {
        LuaString text = call.string(1);
        LuaString pattern = call.string(2);
        long from = place(call.integer(3, 1), text.length()) - 1;
        int start = (int) Math.min(Math.max(0, from), text.length());
        boolean isPlain = wanted == Wanted.PLACE && (Values.isTrue(call.at(4)) || isPlain(pattern));
        if (isPlain) return findPlain(call, text, pattern, start);
        boolean isAnchored = pattern.length() != 0 && pattern.at(0) == '^';
        var matcher = new Pattern(call.machine(), text, pattern);
        for (int at = start; at <= text.length(); at++) {
            int end = matcher.match(at, isAnchored ? 1 : 0);
            if (0 <= end && wanted == Wanted.TEXT) return captures(matcher, at, end);
            if (0 <= end) return placed(matcher, at, end);
            if (isAnchored) break;
        }
        return one(null);
    }

    private static boolean isPlain(LuaString pattern) {
        for (int i = 0; i < pattern.length(); i++)
            if (0 <= SPECIALS.indexOf(pattern.at(i))) return false;
        return true;
    }

    private static @Nullable Object[] findPlain(
            Call call, LuaString text, LuaString wanted, int start) {
        for (int at = start; at + wanted.length() <= text.length(); at++) {
            int same = 0;
            while (same < wanted.length() && text.at(at + same) == wanted.at(same)) same++;
            call.machine().steps(1 + same / 8);
            if (same == wanted.length())
                return new Object[] {at + 1.0, (double) (at + wanted.length())};
        }
        return one(null);
    }

    private static @Nullable Object[] captures(Pattern matcher, int start, int end) {
        int count = Math.max(1, matcher.captures());
        @Nullable Object[] captured = new Object[count];
        for (int i = 0; i < count; i++) captured[i] = matcher.capture(i, start, end);
        return captured;
    }

    private static @Nullable Object[] placed(Pattern matcher, int start, int end) {
        @Nullable Object[] found = new Object[2 + matcher.captures()];
        found[0] = start + 1.0;
        found[1] = (double) end;
        for (int i = 0; i < matcher.captures(); i++) found[2 + i] = matcher.capture(i, start, end);
        return found;
    }

    private static @Nullable Object[] gmatch(Call call) {
        LuaString text = call.string(1);
        LuaString pattern = call.string(2);
        int[] next = {0};
        return one(
                new HostFunction(
                        "gmatch",
                        each -> {
                            var matcher = new Pattern(each.machine(), text, pattern);
                            for (int at = next[0]; at <= text.length(); at++) {
                                int end = matcher.match(at, 0);
                                if (end < 0) continue;
                                next[0] = end == at ? end + 1 : end;
                                return captures(matcher, at, end);
                            }
                            next[0] = text.length() + 1;
                            return HostFunction.NOTHING;
                        }));
    }

    private static @Nullable Object[] gsub(Call call) {
        LuaString text = call.string(1);
        LuaString pattern = call.string(2);
        Object replacement = call.at(3);
        boolean isUsable =
                replacement instanceof LuaTable
                        || replacement instanceof LuaFunction
                        || Values.stringOrNull(replacement) != null;
        if (!isUsable) throw call.bad(3, "string/function/table expected");
        long most = call.integer(4, text.length() + 1L);
        boolean isAnchored = pattern.length() != 0 && pattern.at(0) == '^';
        var matcher = new Pattern(call.machine(), text, pattern);
        var out = new TextBuffer(call.machine());
        int at = 0;
        int count = 0;
        while (count < most) {
            int end = matcher.match(at, isAnchored ? 1 : 0);
            if (0 <= end) {
                count++;
                addReplaced(out, call, new Found(matcher, text, at, end));
            }
            if (at < end) at = end;
            else if (at < text.length()) out.add(text.at(at++));
            else break;
            if (isAnchored) break;
        }
        if (at < text.length()) out.add(text.array(), at, text.length());
        return new Object[] {out.done(), (double) count};
    }

    private record Found(Pattern matcher, LuaString text, int start, int end) {
        Object capture(int index) {
            return matcher.capture(index, start, end);
        }
    }

    private static void addReplaced(TextBuffer out, Call call, Found found) {
        Object replacement = call.at(3);
        Object value;
        switch (replacement) {
            case LuaTable table -> value = call.machine().index(table, found.capture(0));
            case LuaFunction function ->
                    value =
                            Machine.first(
                                    call.machine()
                                            .call(
                                                    function,
                                                    captures(
                                                            found.matcher,
                                                            found.start,
                                                            found.end)));
            case null, default -> {
                addTemplate(out, call.string(3), found);
                return;
            }
        }
        if (!Values.isTrue(value)) {
            out.add(found.text.array(), found.start, found.end);
            return;
        }
        LuaString shown = Values.stringOrNull(value);
        if (shown == null)
            throw LuaError.located("invalid replacement value (a " + Values.typeOf(value) + ")");
        out.add(shown);
    }

    private static void addTemplate(TextBuffer out, LuaString template, Found found) {
        for (int i = 0; i < template.length(); i++) {
            int letter = template.at(i);
            if (letter != '%') {
                out.add(letter);
                continue;
            }
            int next = ++i < template.length() ? template.at(i) : 0;
            if (next == '0') out.add(found.text.array(), found.start, found.end);
            else if ('1' <= next && next <= '9') {
                LuaString text = Values.stringOrNull(found.capture(next - '1'));
                out.add(java.util.Objects.requireNonNull(text));
            } else out.add(next);
        }
    }
}
