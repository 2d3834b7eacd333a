package dev.holdfast.redis.script.lua;

/// The instructions of the machine, and how one lies in a long: its kind, a register `a`, and `b`
/// and `c`, which are registers, numbers, places in the code, or, if negative, constants.
///
/// ```
/// | c i22 | b i22 | a u12 | kind u8 |
/// ```
public final class Op {
    public static final int MOVE = 0;
    public static final int LOADK = 1;
    public static final int LOADNIL = 2; // a to b
    public static final int LOADBOOL = 3;
    public static final int GETUPVAL = 4;
    public static final int SETUPVAL = 5;
    public static final int GETGLOBAL = 6;
    public static final int SETGLOBAL = 7;
    public static final int GETTABLE = 8; // a = b[c]
    public static final int SETTABLE = 9; // a[b] = c
    public static final int NEWTABLE = 10; // with room for b in a row and c others
    public static final int SELF = 11; // a+1 = b; a = b[c]
    public static final int NOT = 12;
    public static final int JMP = 13;
    public static final int JMPIF = 14; // to b if a is true
    public static final int JMPIFNOT = 15;
    public static final int FORPREP = 16;
    public static final int FORLOOP = 17;
    public static final int TFORLOOP = 18;
    public static final int SETLIST = 19; // a[c+1] = a+1, ..., b of them; all if b is -1
    public static final int CLOSE = 20;
    public static final int CLOSURE = 21;
    public static final int VARARG = 22; // b of them; all if b is -1
    public static final int CALL = 23; // a(a+1, ... b arguments), c results; -1: all there are
    public static final int TAILCALL = 24;
    public static final int RETURN = 25; // a, ... b values; all if b is -1
    public static final int ADD = 26;
    public static final int SUB = 27;
    public static final int MUL = 28;
    public static final int DIV = 29;
    public static final int MOD = 30;
    public static final int POW = 31;
    public static final int UNM = 32;
    public static final int LEN = 33;
    public static final int CONCAT = 34; // b to c
    public static final int EQ = 35;
    public static final int NE = 36;
    public static final int LT = 37;
    public static final int LE = 38;

    /// The most registers of a function.
    public static final int REGISTERS_MAX = 250;

    /// The most constants of a function, and the most instructions.
    public static final int REACH_MAX = (1 << 21) - 1;

    private Op() {}

    /// One instruction.
    public static long of(int kind, int a, int b, int c) {
        return kind | (long) a << 8 | (b & 0x3f_ffffL) << 20 | (long) c << 42;
    }

    /// The kind of an instruction.
    public static int kind(long code) {
        return (int) code & 0xff;
    }

    /// The register `a`.
    public static int a(long code) {
        return (int) code >>> 8 & 0xfff;
    }

    /// The operand `b`.
    public static int b(long code) {
        return (int) (code << 22 >> 42);
    }

    /// The operand `c`.
    public static int c(long code) {
        return (int) (code >> 42);
    }
}
