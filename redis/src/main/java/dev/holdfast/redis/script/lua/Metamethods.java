package dev.holdfast.redis.script.lua;

import org.jspecify.annotations.Nullable;

/// What operators do, metatables asked. Used by one machine.
public final class Metamethods {
    private static final LuaString EQ = LuaString.of("__eq");
    private static final LuaString LT = LuaString.of("__lt");
    private static final LuaString LE = LuaString.of("__le");
    private static final LuaString UNM = LuaString.of("__unm");
    private static final LuaString CONCAT = LuaString.of("__concat");
    private static final LuaString[] ARITHMETIC = {
        LuaString.of("__add"),
        LuaString.of("__sub"),
        LuaString.of("__mul"),
        LuaString.of("__div"),
        LuaString.of("__mod"),
        LuaString.of("__pow")
    };
    private static final double NO_NUMBER = Double.longBitsToDouble(-1L << 51); // as x86 makes it

    private final Machine machine;

    Metamethods(Machine machine) {
        this.machine = machine;
    }

    /// What the metatable of `value` says of `event`; null if nothing.
    public @Nullable Object of(@Nullable Object value, LuaString event) {
        LuaTable metatable = machine.metatableOf(value);
        return metatable == null ? null : metatable.get(event);
    }

    /// `a` and `b` under the arithmetic operator `op` of [Op].
    public @Nullable Object arithmetic(int op, @Nullable Object a, @Nullable Object b) {
        if (a instanceof Double x && b instanceof Double y) return compute(op, x, y);
        Double x = Values.numberOrNull(a);
        Double y = Values.numberOrNull(b);
        if (x != null && y != null) return compute(op, x, y);
        LuaString event = ARITHMETIC[op - Op.ADD];
        Object handler = either(a, b, event);
        if (handler != null) return Machine.first(machine.call(handler, a, b));
        throw x == null
                ? machine.wrongOperand("perform arithmetic on", a, Prototype.FIRST)
                : machine.wrongOperand("perform arithmetic on", b, Prototype.SECOND);
    }

    /// `x` and `y` under an operator.
    static Double compute(int op, double x, double y) {
        double result =
                switch (op) {
                    case Op.ADD -> x + y;
                    case Op.SUB -> x - y;
                    case Op.MUL -> x * y;
                    case Op.DIV -> x / y;
                    case Op.MOD -> x - Math.floor(x / y) * y;
                    case Op.POW -> Math.pow(x, y);
                    default -> throw new IllegalArgumentException("operator " + op);
                };
        boolean isNew = Double.isNaN(result) && !Double.isNaN(x) && !Double.isNaN(y);
        return isNew ? NO_NUMBER : result;
    }

    /// The negative of `value`.
    public @Nullable Object negate(@Nullable Object value) {
        Double number = Values.numberOrNull(value);
        if (number != null)
            return number.isNaN()
                    ? Double.longBitsToDouble(Double.doubleToRawLongBits(number) ^ Long.MIN_VALUE)
                    : -number;
        Object handler = of(value, UNM);
        if (handler != null) return Machine.first(machine.call(handler, value, value));
        throw machine.wrongOperand("perform arithmetic on", value, Prototype.FIRST);
    }

    /// How long `value` is.
    public Object length(@Nullable Object value) {
        return switch (value) {
            case LuaString string -> (double) string.length();
            case LuaTable table -> (double) table.length();
            case null, default ->
                    throw machine.wrongOperand("get length of", value, Prototype.FIRST);
        };
    }

    /// True if `a` equals `b`.
    public boolean areEqual(@Nullable Object a, @Nullable Object b) {
        if (Values.areSame(a, b)) return true;
        if (!(a instanceof LuaTable) || !(b instanceof LuaTable)) return false;
        Object handler = of(a, EQ);
        if (handler == null || !Values.areSame(handler, of(b, EQ))) return false;
        return Values.isTrue(Machine.first(machine.call(handler, a, b)));
    }

    /// True if `a` is less than `b`.
    public boolean isLess(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Double x && b instanceof Double y) return x < y;
        if (a instanceof LuaString x && b instanceof LuaString y) return x.compareTo(y) < 0;
        Object handler = comparison(a, b, LT);
        if (handler == null) throw incomparable(a, b);
        return Values.isTrue(Machine.first(machine.call(handler, a, b)));
    }

    /// True if `a` is `b` or less.
    public boolean isAtMost(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Double x && b instanceof Double y) return x <= y;
        if (a instanceof LuaString x && b instanceof LuaString y) return x.compareTo(y) <= 0;
        Object handler = comparison(a, b, LE);
        if (handler != null) return Values.isTrue(Machine.first(machine.call(handler, a, b)));
        Object reversed = comparison(b, a, LT);
        if (reversed == null) throw incomparable(a, b);
        return !Values.isTrue(Machine.first(machine.call(reversed, b, a)));
    }

    /// `a` and `b` as one string.
    ///
    /// @param register where `a` lies
    @Nullable Object concatenate(@Nullable Object a, @Nullable Object b, int register) {
        LuaString x = Values.stringOrNull(a);
        LuaString y = Values.stringOrNull(b);
        if (x != null && y != null) {
            if (y.length() == 0) return x;
            if (x.length() == 0) return y;
            return join(x, y);
        }
        Object handler = either(a, b, CONCAT);
        if (handler != null) return Machine.first(machine.call(handler, a, b));
        int slot = Prototype.REGISTERS + register;
        throw x == null
                ? machine.wrongOperand("concatenate", a, slot)
                : machine.wrongOperand("concatenate", b, slot + 1);
    }

    private LuaString join(LuaString x, LuaString y) {
        long length = (long) x.length() + y.length();
        byte[] joined = machine.room(length);
        System.arraycopy(x.array(), 0, joined, 0, x.length());
        System.arraycopy(y.array(), 0, joined, x.length(), y.length());
        return LuaString.wrap(joined);
    }

    private @Nullable Object either(@Nullable Object a, @Nullable Object b, LuaString event) {
        Object handler = of(a, event);
        return handler != null ? handler : of(b, event);
    }

    private @Nullable Object comparison(@Nullable Object a, @Nullable Object b, LuaString event) {
        if (!Values.typeOf(a).equals(Values.typeOf(b))) return null;
        Object handler = of(a, event);
        return handler != null && Values.areSame(handler, of(b, event)) ? handler : null;
    }

    private static LuaError incomparable(@Nullable Object a, @Nullable Object b) {
        String one = Values.typeOf(a);
        String other = Values.typeOf(b);
        return new LuaError(
                one.equals(other)
                        ? "attempt to compare two " + one + " values"
                        : "attempt to compare " + one + " with " + other);
    }
}
