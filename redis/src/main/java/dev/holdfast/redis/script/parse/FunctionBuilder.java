package dev.holdfast.redis.script.parse;

import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.Op;
import dev.holdfast.redis.script.lua.Prototype;
import dev.holdfast.redis.script.lua.Prototype.Rest;
import dev.holdfast.redis.script.lua.Prototype.Subject;
import dev.holdfast.redis.script.parse.Expression.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One function while it is compiled: its code, its registers, the variables in sight. Not
/// thread-safe.
final class FunctionBuilder {
    private static final int LOCALS_MAX = 200;
    private static final int UPVALUES_MAX = 60;

    final @Nullable FunctionBuilder outer;
    private final Lexer lexer;
    private final String source;
    private final int line;
    private long[] code = new long[32];
    private int[] lines = new int[32];
    private int size;
    private final List<Object> constants = new ArrayList<>();
    private final Map<Object, Integer> constantPlaces = new HashMap<>();
    private final List<Prototype> children = new ArrayList<>();
    private final Map<Integer, Subject> subjects = new HashMap<>();
    private final List<String> locals = new ArrayList<>(); // in sight, by register
    private final List<String> upvalueNames = new ArrayList<>();
    private final List<Integer> captures = new ArrayList<>();
    private int free; // the first register that nobody uses
    private int registers = 2;
    private int params;
    private Rest rest = Rest.DROPPED;
    private @Nullable Block block;
    private int endLine;

    /// A stretch in which local variables live.
    static final class Block {
        final @Nullable Block outer;
        final int localsBefore;
        final @Nullable List<Integer> breaks; // null if it is no loop
        boolean isCaptured; // a function took a variable of it along

        Block(@Nullable Block outer, int localsBefore, @Nullable List<Integer> breaks) {
            this.outer = outer;
            this.localsBefore = localsBefore;
            this.breaks = breaks;
        }
    }

    FunctionBuilder(@Nullable FunctionBuilder outer, Lexer lexer, String source, int line) {
        this.outer = outer;
        this.lexer = lexer;
        this.source = source;
        this.line = line;
    }

    Prototype build() {
        int last = emit(Op.RETURN, 0, 0, 0);
        if (0 < endLine) lines[last] = endLine;
        var shape = new Prototype.Shape(params, rest, registers, line);
        return new Prototype(
                source,
                shape,
                Arrays.copyOf(code, size),
                Arrays.copyOf(lines, size),
                constants.toArray(),
                children.toArray(Prototype[]::new),
                captures.stream().mapToInt(Integer::intValue).toArray(),
                Map.copyOf(subjects));
    }

    // The code.

    int emit(int kind, int a, int b, int c) {
        if (size == Op.REACH_MAX) throw lexer.failure("code size overflow");
        if (size == code.length) {
            code = Arrays.copyOf(code, size * 2);
            lines = Arrays.copyOf(lines, size * 2);
        }
        code[size] = Op.of(kind, a, b, c);
        lines[size] = lexer.lastLine();
        return size++;
    }

    /// The place of the next instruction.
    int here() {
        return size;
    }

    /// Has the jump at `at` go to `target`.
    void patch(int at, int target) {
        code[at] = Op.of(Op.kind(code[at]), Op.a(code[at]), target, Op.c(code[at]));
    }

    void patchHere(List<Integer> jumps) {
        for (int jump : jumps) patch(jump, here());
    }

    /// The instruction at `at` is of `line`.
    void atLine(int at, int line) {
        lines[at] = line;
    }

    /// What comes next, if the function ends there, is of `line`.
    void atEnd(int line) {
        endLine = line;
    }

    /// Tells the table that is made at `at` how much room to make.
    void sizeTable(int at, int slots, int nodes) {
        code[at] = Op.of(Op.NEWTABLE, Op.a(code[at]), rounded(slots), rounded(nodes));
    }

    // As Lua 5.1 rounds sizes of more than 15: to eight binary places and an exponent.
    private static int rounded(int size) {
        int mantissa = size;
        int exponent = 0;
        while (16 <= mantissa) {
            mantissa = mantissa + 1 >> 1;
            exponent++;
        }
        return Math.min(mantissa << exponent, Op.REACH_MAX);
    }

    private void name(int at, int which, @Nullable Subject subject) {
        if (subject != null) subjects.put(Prototype.slot(at, which), subject);
    }

    int addChild(Prototype child) {
        children.add(child);
        return children.size() - 1;
    }

    int constant(Object value) {
        // The two zeros are one constant, as in Lua.
        Object key = value instanceof Double number && number == 0 ? (Object) 0.0 : value;
        Integer known = constantPlaces.get(key);
        if (known != null) return known;
        if (constants.size() == Op.REACH_MAX) throw lexer.failure("constant table overflow");
        constants.add(value);
        constantPlaces.put(key, constants.size() - 1);
        return constants.size() - 1;
    }

    // Registers.

    int free() {
        return free;
    }

    void reserve(int count) {
        free += count;
        if (Op.REGISTERS_MAX < free) throw lexer.error("function or expression too complex");
        registers = Math.max(registers, free + 1);
    }

    /// Gives up all registers but those of variables.
    void releaseAll() {
        free = locals.size();
    }

    void freeTo(int register) {
        free = register;
    }

    private void release(int register) {
        if (locals.size() <= register && register == free - 1) free--;
    }

    void release(Expression expression) {
        if (expression.kind == Kind.REGISTER) release(expression.place);
    }

    // Variables.

    void params(int count, Rest rest) {
        this.params = count;
        this.rest = rest;
    }

    boolean keepsRest() {
        return rest == Rest.KEPT;
    }

    /// A variable comes into sight in the next register that has none.
    void declare(String name) {
        if (locals.size() == LOCALS_MAX) throw tooMany(LOCALS_MAX, "local variables");
        locals.add(name);
    }

    int localCount() {
        return locals.size();
    }

    private LuaError tooMany(int max, String what) {
        String where = line == 0 ? "main function" : "function at line " + line;
        return lexer.failure(where + " has more than " + max + " " + what);
    }

    /// The variable called `name`, in sight here or further out, or global.
    Expression variable(LuaString name) {
        Expression found = find(name.text());
        if (found != null) return found;
        return new Expression(Kind.GLOBAL, constant(name)).called("global", name.text());
    }

    private @Nullable Expression find(String name) {
        int local = locals.lastIndexOf(name);
        if (0 <= local) return new Expression(Kind.LOCAL, local).called("local", name);
        int known = upvalueNames.indexOf(name);
        if (0 <= known) return new Expression(Kind.UPVALUE, known).called("upvalue", name);
        Expression beyond = outer == null ? null : outer.find(name);
        if (beyond == null) return null;
        if (captures.size() == UPVALUES_MAX) throw tooMany(UPVALUES_MAX, "upvalues");
        boolean isLocal = beyond.kind == Kind.LOCAL;
        if (isLocal) java.util.Objects.requireNonNull(outer).capture(beyond.place);
        captures.add(
                isLocal ? Prototype.fromLocal(beyond.place) : Prototype.fromUpvalue(beyond.place));
        upvalueNames.add(name);
        return new Expression(Kind.UPVALUE, captures.size() - 1).called("upvalue", name);
    }

    private void capture(int local) {
        Block each = block;
        while (each != null && local < each.localsBefore) each = each.outer;
        if (each != null) each.isCaptured = true;
    }

    // Blocks.

    void enterBlock() {
        block = new Block(block, locals.size(), null);
    }

    void enterLoop() {
        block = new Block(block, locals.size(), new ArrayList<>());
    }

    Block block() {
        return java.util.Objects.requireNonNull(block);
    }

    /// Ends the block, and returns the jumps that left it.
    List<Integer> leaveBlock() {
        Block left = block();
        block = left.outer;
        if (left.isCaptured) emit(Op.CLOSE, left.localsBefore, 0, 0);
        locals.subList(left.localsBefore, locals.size()).clear();
        free = locals.size();
        return left.breaks == null ? List.of() : left.breaks;
    }

    void leaveLoop() {
        Block each = block;
        boolean isCaptured = false;
        while (each != null && each.breaks == null) {
            isCaptured |= each.isCaptured;
            each = each.outer;
        }
        if (each == null || each.breaks == null) throw lexer.error("no loop to break");
        if (isCaptured) emit(Op.CLOSE, each.localsBefore, 0, 0);
        each.breaks.add(emit(Op.JMP, 0, 0, 0));
    }

    // Expressions.

    /// Has an open expression give just one value.
    void closeToOne(Expression expression) {
        if (expression.kind == Kind.CALL) {
            int at = expression.place;
            code[at] = Op.of(Op.CALL, Op.a(code[at]), Op.b(code[at]), 1);
            expression.become(Kind.REGISTER, Op.a(code[at]));
        } else if (expression.kind == Kind.VARARG) {
            int at = expression.place;
            code[at] = Op.of(Op.VARARG, 0, 1, 0);
            expression.become(Kind.PENDING, at);
        }
    }

    /// Has an open expression give `count` values, or with -1 all.
    void open(Expression expression, int count) {
        int at = expression.place;
        if (expression.kind == Kind.CALL)
            code[at] = Op.of(Op.CALL, Op.a(code[at]), Op.b(code[at]), count);
        else {
            code[at] = Op.of(Op.VARARG, free, count, 0);
            reserve(1);
        }
    }

    /// Reads variables: what is left is a value somewhere, or an instruction to come.
    void discharge(Expression expression) {
        int place = expression.place;
        switch (expression.kind) {
            case LOCAL -> expression.kind = Kind.REGISTER;
            case UPVALUE -> expression.become(Kind.PENDING, emit(Op.GETUPVAL, 0, place, 0));
            case GLOBAL -> expression.become(Kind.PENDING, emit(Op.GETGLOBAL, 0, place, 0));
            case INDEXED -> {
                if (0 <= expression.key) release(Math.max(expression.key, place));
                if (0 <= expression.key) release(Math.min(expression.key, place));
                else release(place);
                int at = emit(Op.GETTABLE, 0, place, expression.key);
                name(at, Prototype.FIRST, expression.holder);
                expression.become(Kind.PENDING, at);
            }
            default -> closeToOne(expression);
        }
    }

    /// Puts the value into `register`.
    void into(Expression expression, int register) {
        discharge(expression);
        int place = expression.place;
        switch (expression.kind) {
            case NIL -> emit(Op.LOADNIL, register, register, 0);
            case TRUE -> emit(Op.LOADBOOL, register, 1, 0);
            case FALSE -> emit(Op.LOADBOOL, register, 0, 0);
            case NUMBER -> emit(Op.LOADK, register, constant(expression.number), 0);
            case STRING -> emit(Op.LOADK, register, constant(expression.text), 0);
            case PENDING -> {
                long pending = code[place];
                code[place] = Op.of(Op.kind(pending), register, Op.b(pending), Op.c(pending));
            }
            default -> {
                if (place != register) emit(Op.MOVE, register, place, 0);
            }
        }
        expression.become(Kind.REGISTER, register);
    }

    /// Puts the value into the next free register.
    void intoNext(Expression expression) {
        discharge(expression);
        release(expression);
        reserve(1);
        into(expression, free - 1);
    }

    /// Puts the value into some register.
    int intoAny(Expression expression) {
        discharge(expression);
        if (expression.kind != Kind.REGISTER) intoNext(expression);
        return expression.place;
    }

    /// The value as an operand: a register, or a constant.
    int operand(Expression expression) {
        discharge(expression);
        return switch (expression.kind) {
            case NUMBER -> ~constant(expression.number);
            case STRING -> ~constant(expression.text);
            default -> intoAny(expression);
        };
    }

    /// Makes `holder` the expression of what it holds under `key`.
    void index(Expression holder, Expression key) {
        Subject named = holder.subject;
        String field = key.kind == Kind.STRING ? key.text.text() : null;
        int operand = operand(key);
        holder.become(Kind.INDEXED, holder.place);
        holder.key = operand;
        holder.holder = named;
        holder.subject = field == null ? null : new Subject("field", field);
    }

    /// Has the variable `target` hold the value.
    void store(Expression target, Expression value) {
        switch (target.kind) {
            case LOCAL -> {
                release(value);
                into(value, target.place);
            }
            case UPVALUE -> emit(Op.SETUPVAL, intoAny(value), target.place, 0);
            case GLOBAL -> emit(Op.SETGLOBAL, intoAny(value), target.place, 0);
            case INDEXED -> {
                int operand = operand(value);
                int at = emit(Op.SETTABLE, target.place, target.key, operand);
                name(at, Prototype.FIRST, target.holder);
            }
            default -> throw lexer.error("syntax error");
        }
        release(value);
    }

    /// Makes a call of a method out of its holder: two registers.
    void method(Expression holder, Expression name) {
        String shown = name.text.text();
        Subject named = holder.subject;
        int register = intoAny(holder);
        release(holder);
        int base = free;
        reserve(2);
        int at = emit(Op.SELF, base, register, operand(name));
        name(at, Prototype.FIRST, named);
        holder.become(Kind.REGISTER, base);
        holder.called("method", shown);
    }

    /// Emits a call, whose function and arguments lie from `base` on.
    int call(Expression function, int base, int count) {
        int at = emit(Op.CALL, base, count, 1);
        name(at, Prototype.FIRST, function.subject);
        function.become(Kind.CALL, at);
        function.subject = null;
        free = base + 1;
        return at;
    }

    /// Makes a call the last thing that the function does.
    void makeTailCall(Expression call) {
        long present = code[call.place];
        code[call.place] = Op.of(Op.TAILCALL, Op.a(present), Op.b(present), -1);
    }

    /// An operator before `operand`.
    void prefix(int kind, Expression operand) {
        if (kind == Op.UNM && operand.kind == Kind.NUMBER) {
            operand.number = -operand.number;
            return;
        }
        Subject named = operand.subject;
        int register = intoAny(operand);
        release(operand);
        int at = emit(kind, 0, register, 0);
        name(at, Prototype.FIRST, named);
        operand.become(Kind.PENDING, at);
        operand.subject = null;
    }

    /// `left` and `right` under an operator; both were made operands as far as that changes
    /// anything.
    Expression infix(int kind, Expression left, Expression right, int line) {
        Subject leftName = isLiteral(left) ? null : left.subject;
        Subject rightName = isLiteral(right) ? null : right.subject;
        int b = operand(left);
        int c = operand(right);
        release(c < b ? left : right);
        release(c < b ? right : left);
        int at = emit(kind, 0, b, c);
        lines[at] = line;
        name(at, Prototype.FIRST, leftName);
        name(at, Prototype.SECOND, rightName);
        return new Expression(Kind.PENDING, at);
    }

    private static boolean isLiteral(Expression expression) {
        return expression.kind == Kind.NUMBER || expression.kind == Kind.STRING;
    }

    /// `left`, which lies in the register before, and `right`, as one string.
    void concatenate(Expression left, Expression right, int line) {
        Subject leftName = left.subject;
        Subject rightName = right.subject;
        int first = left.place;
        if (right.kind == Kind.PENDING
                && Op.kind(code[right.place]) == Op.CONCAT
                && Op.b(code[right.place]) == first + 1) {
            long present = code[right.place];
            code[right.place] = Op.of(Op.CONCAT, 0, first, Op.c(present));
            name(right.place, Prototype.REGISTERS + first, leftName);
            release(left);
            left.become(Kind.PENDING, right.place);
        } else {
            intoNext(right);
            release(right);
            release(left);
            int at = emit(Op.CONCAT, 0, first, right.place);
            name(at, Prototype.REGISTERS + first, leftName);
            name(at, Prototype.REGISTERS + right.place, rightName);
            left.become(Kind.PENDING, at);
        }
        lines[left.place] = line;
        left.subject = null;
    }
}
