package dev.holdfast.redis.script.lua;

import org.jspecify.annotations.Nullable;

/// A call of a function of the host: its arguments, counted from 1, and the machine.
///
/// The accessors throw the error of Lua where an argument is not what it should be.
public record Call(Machine machine, @Nullable Object[] arguments) {
    /// How many arguments there are.
    public int count() {
        return arguments.length;
    }

    /// The argument at `index`, or null.
    public @Nullable Object at(int index) {
        return index <= arguments.length ? arguments[index - 1] : null;
    }

    /// The argument at `index`; an error if there is none at all.
    public @Nullable Object any(int index) {
        if (arguments.length < index) throw bad(index, "value expected");
        return arguments[index - 1];
    }

    /// True if the argument at `index` is nil or not there.
    public boolean isNone(int index) {
        return at(index) == null;
    }

    /// The argument at `index` as a table.
    public LuaTable table(int index) {
        if (at(index) instanceof LuaTable table) return table;
        throw wrongType(index, "table");
    }

    /// The argument at `index` as a function.
    public LuaFunction function(int index) {
        if (at(index) instanceof LuaFunction function) return function;
        throw wrongType(index, "function");
    }

    /// The argument at `index` as a string; numbers are written out.
    public LuaString string(int index) {
        LuaString text = Values.stringOrNull(at(index));
        if (text == null) throw wrongType(index, "string");
        return text;
    }

    /// The argument at `index` as a string, `other` if there is none.
    public LuaString string(int index, LuaString other) {
        return isNone(index) ? other : string(index);
    }

    /// The argument at `index` as a number; strings are read.
    public double number(int index) {
        Double number = Values.numberOrNull(at(index));
        if (number == null) throw wrongType(index, "number");
        return number;
    }

    /// The argument at `index` as an integer of 64 bits.
    public long integer(int index) {
        return Values.integer(number(index));
    }

    /// The argument at `index` as an integer of 64 bits, `other` if there is none.
    public long integer(int index, long other) {
        return isNone(index) ? other : integer(index);
    }

    /// The argument at `index` as an integer of 32 bits.
    public int small(int index) {
        return (int) integer(index);
    }

    /// The argument at `index` as an integer of 32 bits, `other` if there is none.
    public int small(int index, int other) {
        return isNone(index) ? other : small(index);
    }

    /// The error of an argument of another type than `expected`.
    public LuaError wrongType(int index, String expected) {
        String got = arguments.length < index ? "no value" : Values.typeOf(at(index));
        return bad(index, expected + " expected, got " + got);
    }

    /// The error of an argument that makes no sense.
    public LuaError bad(int index, String why) {
        Prototype.Subject subject = machine.calledAs();
        String name = subject == null ? "?" : subject.name();
        int shown = index;
        if (subject != null && subject.kind().equals("method")) {
            if (--shown == 0)
                return LuaError.located("calling '" + name + "' on bad self (" + why + ")");
        }
        return LuaError.located("bad argument #" + shown + " to '" + name + "' (" + why + ")");
    }
}
