package dev.holdfast.redis.script.parse;

import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.Prototype.Subject;
import org.jspecify.annotations.Nullable;

/// An expression while it is compiled: where its value is, or how it comes to be. Not thread-safe.
final class Expression {
    Kind kind;
    int place; // a register, a constant, an instruction, ... as the kind says
    int key; // of INDEXED
    double number;
    LuaString text = LuaString.EMPTY;
    @Nullable Subject subject; // what it is called, for errors
    @Nullable Subject holder; // what the table of INDEXED is called

    /// How the value of an expression comes to be.
    enum Kind {
        VOID,
        NIL,
        TRUE,
        FALSE,
        NUMBER,
        STRING,
        /// A variable in the register `place`.
        LOCAL,
        UPVALUE,
        /// Its name is the constant `place`.
        GLOBAL,
        /// In the table in the register `place`, under the operand `key`.
        INDEXED,
        /// The instruction at `place` makes the call.
        CALL,
        VARARG,
        /// The instruction at `place` may still choose the register.
        PENDING,
        /// In the register `place`, which nobody else uses.
        REGISTER
    }

    Expression(Kind kind, int place) {
        this.kind = kind;
        this.place = place;
    }

    static Expression number(double number) {
        var made = new Expression(Kind.NUMBER, 0);
        made.number = number;
        return made;
    }

    static Expression text(LuaString text) {
        var made = new Expression(Kind.STRING, 0);
        made.text = text;
        return made;
    }

    Expression called(String kind, String name) {
        subject = new Subject(kind, name);
        return this;
    }

    void become(Kind changed, int where) {
        kind = changed;
        place = where;
    }

    /// True if it may stand for any number of values.
    boolean isOpen() {
        return kind == Kind.CALL || kind == Kind.VARARG;
    }
}
