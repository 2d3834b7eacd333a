package dev.holdfast.redis.script.library;

import static dev.holdfast.redis.script.lua.HostFunction.one;

import dev.holdfast.redis.script.lua.Call;
import dev.holdfast.redis.script.lua.Closure;
import dev.holdfast.redis.script.lua.Coroutine;
import dev.holdfast.redis.script.lua.HostFunction;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaFunction;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.Machine.Outcome;
import dev.holdfast.redis.script.lua.NullPointer;
import dev.holdfast.redis.script.lua.Values;
import dev.holdfast.redis.script.parse.Compiler;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The functions of Lua that stand in no table, without those that reach files or other functions'
/// variables.
public final class GlobalLibrary {
    private static final int RESULTS_MAX = 8000;
    private static final LuaString METATABLE = LuaString.of("__metatable");
    private static final LuaString TO_STRING = LuaString.of("__tostring");
    private static final BigInteger UNSIGNED_MAX =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final HostFunction NEXT = new HostFunction("next", GlobalLibrary::next);
    private static final HostFunction WALK = new HostFunction("ipairs", GlobalLibrary::walk);

    private GlobalLibrary() {}

    /// Adds the functions to `globals`.
    public static void addTo(Library globals) {
        globals.with("_VERSION", LuaString.of("Lua 5.1"))
                .with("assert", GlobalLibrary::check)
                .with("collectgarbage", GlobalLibrary::collect)
                .with("error", GlobalLibrary::error)
                .with("gcinfo", call -> one(Math.floor(kibibytes(call))))
                .with("getmetatable", GlobalLibrary::getMetatable)
                .with("ipairs", call -> new Object[] {WALK, call.table(1), 0.0})
                .with("load", GlobalLibrary::load)
                .with("loadstring", GlobalLibrary::loadString)
                .with("next", NEXT)
                .with("pairs", call -> new @Nullable Object[] {NEXT, call.table(1), null})
                .with("pcall", GlobalLibrary::tryCall)
                .with("rawequal", call -> one(Values.areSame(call.any(1), call.any(2))))
                .with("rawget", GlobalLibrary::rawGet)
                .with("rawset", GlobalLibrary::rawSet)
                .with("select", GlobalLibrary::select)
                .with("setmetatable", GlobalLibrary::setMetatable)
                .with("tonumber", GlobalLibrary::toNumber)
                .with("tostring", call -> one(toText(call.machine(), call.any(1))))
                .with("type", call -> one(LuaString.of(Values.typeOf(call.any(1)))))
                .with("unpack", GlobalLibrary::unpack)
                .with("xpcall", GlobalLibrary::tryCallHandled);
    }

    private static @Nullable Object[] check(Call call) {
        if (Values.isTrue(call.any(1))) return call.arguments();
        throw LuaError.located(call.string(2, LuaString.of("assertion failed!")).text());
    }

    private static double kibibytes(Call call) {
        return call.machine().memory().used() / 1024.0;
    }

    private static @Nullable Object[] collect(Call call) {
        String option = call.string(1, LuaString.of("collect")).text();
        return switch (option) {
            case "collect", "stop", "restart" -> one(0.0);
            case "count" -> one(kibibytes(call));
            case "step" -> one(false);
            case "setpause", "setstepmul" -> one(200.0);
            default -> throw call.bad(1, "invalid option '" + option + "'");
        };
    }

    private static @Nullable Object[] error(Call call) {
        Object value = call.at(1);
        int level = call.small(2, 1);
        LuaString text = Values.stringOrNull(value);
        if (text == null || level <= 0) throw LuaError.of(value);
        String prefix = call.machine().prefix(level);
        throw LuaError.of(prefix.isEmpty() ? text : TextLibrary.joined(call, prefix, text));
    }

    private static @Nullable Object[] getMetatable(Call call) {
        LuaTable metatable = call.machine().metatableOf(call.any(1));
        if (metatable == null) return one(null);
        Object shown = metatable.get(METATABLE);
        return one(shown == null ? metatable : shown);
    }

    private static @Nullable Object[] setMetatable(Call call) {
        LuaTable table = call.table(1);
        Object metatable = call.at(2);
        boolean isGiven = 2 <= call.count() && (metatable == null || metatable instanceof LuaTable);
        if (!isGiven) throw call.bad(2, "nil or table expected");
        if (table.metatable() != null && table.metatable().get(METATABLE) != null)
            throw LuaError.located("cannot change a protected metatable");
        table.metatable((LuaTable) metatable);
        return one(table);
    }

    private static @Nullable Object[] walk(Call call) {
        int index = call.small(2) + 1;
        Object value = call.table(1).get(index);
        return value == null ? one(null) : new Object[] {(double) index, value};
    }

    private static @Nullable Object[] next(Call call) {
        LuaTable table = call.table(1);
        int place = table.after(call.at(2));
        if (place < 0) return one(null);
        return new @Nullable Object[] {table.keyAt(place), table.valueAt(place)};
    }

    private static @Nullable Object[] loadString(Call call) {
        LuaString source = call.string(1);
        return compiled(call.machine(), source, call.string(2, source).text());
    }

    private static @Nullable Object[] load(Call call) {
        LuaFunction pieces = call.function(1);
        String chunk = call.string(2, LuaString.of("=(load)")).text();
        var source = new ByteArrayOutputStream();
        while (true) {
            Object piece = Machine.first(call.machine().call(pieces));
            if (piece == null) break;
            LuaString text = Values.stringOrNull(piece);
            if (text == null) throw LuaError.located("reader function must return a string");
            if (text.length() == 0) break;
            call.machine().memory().charge(text.length());
            source.writeBytes(text.array());
        }
        return compiled(call.machine(), LuaString.wrap(source.toByteArray()), chunk);
    }

    // Compiled code takes some ten times the room of its source.
    private static @Nullable Object[] compiled(Machine machine, LuaString source, String chunk) {
        machine.memory().charge(source.length() * 10L);
        machine.steps(source.length());
        try {
            return one(new Closure(Compiler.compile(source, chunk)));
        } catch (LuaError wrong) {
            return new @Nullable Object[] {null, wrong.value()};
        }
    }

    // An error that Redis made is a table; what is caught is its text.
    private static @Nullable Object[] tryCall(Call call) {
        @Nullable Object[] arguments = call.arguments();
        Object callee = call.any(1);
        Outcome outcome =
                call.machine().tryCall(callee, Arrays.copyOfRange(arguments, 1, arguments.length));
        if (outcome.error() == null) return inFront(true, outcome.results());
        Object value = outcome.error().value();
        if (value instanceof LuaTable table) {
            Object text = table.get(LuaString.of("err"));
            if (text instanceof LuaString || text instanceof Double) value = text;
        }
        return new @Nullable Object[] {false, value};
    }

    private static @Nullable Object[] tryCallHandled(Call call) {
        Object handler = call.any(2);
        Outcome outcome = call.machine().tryCall(call.at(1));
        if (outcome.error() == null) return inFront(true, outcome.results());
        return inFront(false, call.machine().call(handler, outcome.error().value()));
    }

    static @Nullable Object[] inFront(Object first, @Nullable Object[] others) {
        @Nullable Object[] all = new Object[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }

    private static @Nullable Object[] rawGet(Call call) {
        LuaTable table = call.table(1);
        return one(table.get(call.any(2)));
    }

    private static @Nullable Object[] rawSet(Call call) {
        LuaTable table = call.table(1);
        Object key = call.any(2);
        Machine.rawSet(table, key, call.any(3));
        return one(table);
    }

    private static @Nullable Object[] select(Call call) {
        int count = call.count();
        if (call.at(1) instanceof LuaString text && text.length() != 0 && text.at(0) == '#')
            return one((double) (count - 1));
        int from = call.small(1);
        if (from < 0) from = count + from;
        else if (count < from) from = count;
        if (from < 1) throw call.bad(1, "index out of range");
        return Arrays.copyOfRange(call.arguments(), Math.min(from, count), count);
    }

    private static @Nullable Object[] toNumber(Call call) {
        int radix = call.small(2, 10);
        if (radix == 10) return one(Values.numberOrNull(call.any(1)));
        LuaString text = call.string(1);
        if (radix < 2 || 36 < radix) throw call.bad(2, "base out of range");
        return one(inRadix(text.text().strip().toLowerCase(Locale.ROOT), radix));
    }

    // As C reads an unsigned long: a sign wraps around, what is too large is the largest.
    private static @Nullable Double inRadix(String word, int radix) {
        boolean isNegative = word.startsWith("-");
        String digits = isNegative || word.startsWith("+") ? word.substring(1) : word;
        if (radix == 16 && digits.startsWith("0x")) digits = digits.substring(2);
        if (digits.isEmpty()) return null;
        for (char digit : digits.toCharArray()) {
            boolean isKnown = digit < 128 && 0 <= Character.digit(digit, radix);
            if (!isKnown) return null;
        }
        BigInteger value = new BigInteger(digits, radix);
        if (UNSIGNED_MAX.compareTo(value) < 0) return UNSIGNED_MAX.doubleValue();
        return isNegative
                ? value.negate().and(UNSIGNED_MAX).doubleValue()
                : (Double) value.doubleValue();
    }

    /// What `tostring` makes of a value.
    static @Nullable Object toText(Machine machine, @Nullable Object value) {
        Object handler = machine.metamethods().of(value, TO_STRING);
        if (handler != null) return Machine.first(machine.call(handler, value));
        return switch (value) {
            case null -> LuaString.of("nil");
            case Boolean truth -> LuaString.of(truth.toString());
            case Double number -> LuaString.of(Values.text(number));
            case LuaString text -> text;
            case NullPointer _ -> LuaString.of("userdata: (nil)");
            default -> LuaString.of(Values.typeOf(value) + ": " + address(value));
        };
    }

    private static String address(Object value) {
        return String.format(Locale.ROOT, "0x7f%010x", System.identityHashCode(value) * 16L);
    }

    private static @Nullable Object[] unpack(Call call) {
        LuaTable table = call.table(1);
        int from = call.small(2, 1);
        int to = call.isNone(3) ? table.length() : call.small(3);
        if (to < from) return HostFunction.NOTHING;
        long count = (long) to - from + 1;
        if (RESULTS_MAX < count + call.count())
            throw LuaError.located("too many results to unpack");
        @Nullable Object[] results = new Object[(int) count];
        for (int i = 0; i < count; i++) results[i] = table.get(from + i);
        return results;
    }

    /// `coroutine`.
    public static LuaTable coroutines() {
        return Library.shared()
                .with("create", call -> one(call.machine().newCoroutine(luaFunction(call))))
                .with("resume", GlobalLibrary::resume)
                .with("running", call -> one(call.machine().running()))
                .with("status", GlobalLibrary::status)
                .with("wrap", GlobalLibrary::wrap)
                .with("yield", call -> call.machine().yield(call.arguments()))
                .table();
    }

    private static LuaFunction luaFunction(Call call) {
        if (call.at(1) instanceof Closure closure) return closure;
        throw call.bad(1, "Lua function expected");
    }

    private static Coroutine coroutine(Call call) {
        if (call.at(1) instanceof Coroutine coroutine) return coroutine;
        throw call.bad(1, "coroutine expected");
    }

    private static @Nullable Object[] resume(Call call) {
        Coroutine coroutine = coroutine(call);
        @Nullable Object[] arguments = call.arguments();
        Outcome outcome =
                call.machine()
                        .resume(coroutine, Arrays.copyOfRange(arguments, 1, arguments.length));
        if (outcome.error() == null) return inFront(true, outcome.results());
        return new @Nullable Object[] {false, outcome.error().value()};
    }

    private static @Nullable Object[] status(Call call) {
        return one(LuaString.of(call.machine().statusOf(coroutine(call))));
    }

    private static @Nullable Object[] wrap(Call call) {
        Coroutine coroutine = call.machine().newCoroutine(luaFunction(call));
        return one(
                new HostFunction(
                        "wrap",
                        each -> {
                            Outcome outcome = each.machine().resume(coroutine, each.arguments());
                            if (outcome.error() == null) return outcome.results();
                            throw passedOn(each, outcome.error());
                        }));
    }

    private static LuaError passedOn(Call call, LuaError error) {
        if (!(error.value() instanceof LuaString text)) return error;
        return LuaError.of(TextLibrary.joined(call, call.machine().prefix(1), text));
    }
}
