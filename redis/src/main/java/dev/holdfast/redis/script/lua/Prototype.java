package dev.holdfast.redis.script.lua;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A compiled function. Nobody changes it after it was made, so it may be shared.
///
/// @param subjects what operands are called in the source, by [#slot]
/// @param lines the line of each instruction
public record Prototype(
        String source,
        Shape shape,
        long[] code,
        int[] lines,
        @Nullable Object[] constants,
        Prototype[] children,
        int[] captures,
        Map<Integer, Subject> subjects) {
    /// The slot of the operand `b`.
    public static final int FIRST = 0;

    /// The slot of the operand `c`.
    public static final int SECOND = 1;

    /// The slots of registers begin here.
    public static final int REGISTERS = 2;

    /// What a function needs when it is called.
    ///
    /// @param line where it begins
    public record Shape(int params, Rest rest, int registers, int line) {}

    /// What becomes of more arguments than there are names for.
    public enum Rest {
        DROPPED,
        KEPT
    }

    /// What an operand is called.
    ///
    /// @param kind `local`, `global`, `field`, `method` or `upvalue`
    public record Subject(String kind, String name) {
        @Override
        public String toString() {
            return kind + " '" + name + "'";
        }
    }

    /// The key of a subject: an instruction and a slot of it.
    public static int slot(int at, int which) {
        return at << 8 | which;
    }

    /// The subject in a slot of the instruction `at`; null if it has no name.
    @Nullable Subject subject(int at, int which) {
        return subjects.get(slot(at, which));
    }

    /// A variable of the function around it that a new function takes along.
    public static int fromLocal(int register) {
        return register << 1 | 1;
    }

    /// A variable that the function around it has taken along itself.
    public static int fromUpvalue(int index) {
        return index << 1;
    }
}
