package dev.holdfast.redis.script.parse;

import dev.holdfast.redis.script.lua.Op;
import org.jspecify.annotations.Nullable;

/// An operator between two expressions, and how closely it binds to either side.
enum Operator {
    ADD(Op.ADD, 6, 6),
    SUB(Op.SUB, 6, 6),
    MUL(Op.MUL, 7, 7),
    DIV(Op.DIV, 7, 7),
    MOD(Op.MOD, 7, 7),
    POW(Op.POW, 10, 9),
    CONCAT(Op.CONCAT, 5, 4),
    EQ(Op.EQ, 3, 3),
    NE(Op.NE, 3, 3),
    LT(Op.LT, 3, 3),
    LE(Op.LE, 3, 3),
    GT(Op.LT, 3, 3),
    GE(Op.LE, 3, 3),
    AND(Op.JMPIFNOT, 2, 2),
    OR(Op.JMPIF, 1, 1);

    /// How closely the operators before one expression bind.
    static final int PREFIX = 8;

    final int kind;
    final int left;
    final int right;

    Operator(int kind, int left, int right) {
        this.kind = kind;
        this.left = left;
        this.right = right;
    }

    /// True if the operands change places.
    boolean isSwapped() {
        return this == GT || this == GE;
    }

    static @Nullable Operator of(Token token) {
        return switch (token) {
            case PLUS -> ADD;
            case MINUS -> SUB;
            case STAR -> MUL;
            case SLASH -> DIV;
            case PERCENT -> MOD;
            case CARET -> POW;
            case CONCAT -> CONCAT;
            case EQ -> EQ;
            case NE -> NE;
            case LESS -> LT;
            case LE -> LE;
            case MORE -> GT;
            case GE -> GE;
            case AND -> AND;
            case OR -> OR;
            default -> null;
        };
    }
}
