package dev.holdfast.redis.script.lua;

import dev.holdfast.redis.script.lua.Closure.Upvalue;
import dev.holdfast.redis.script.lua.Coroutine.Status;
import dev.holdfast.redis.script.lua.Machine.Where;
import dev.holdfast.redis.script.lua.Prototype.Rest;
import dev.holdfast.redis.script.lua.Prototype.Subject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Runs the instructions of compiled functions.
///
/// Calls from Lua to Lua take no stack of the thread: they push a frame, and the loop goes on with
/// it. Calls from the host come in by [#call] and do take some, which the machine counts.
final class Interpreter {
    private static final int TABLE_GROUP = 50; // values that SETLIST stores at a time
    private static final int CHUNK_MAX = 60;
    private static final int SHOWN_MAX = 45;

    private final Machine machine;

    Interpreter(Machine machine) {
        this.machine = machine;
    }

    /// Calls `closure` on the stack of `coroutine` and returns what it returns, or gives up control
    /// with.
    @Nullable Object[] call(Coroutine coroutine, Closure closure, @Nullable Object[] arguments) {
        int depth = coroutine.depth();
        int at = coroutine.top();
        coroutine.ensure(at + arguments.length + 1);
        System.arraycopy(arguments, 0, coroutine.stack, at, arguments.length);
        enter(coroutine, closure, at, arguments.length, new Return(at, -1));
        coroutine.present().isEntry = true;
        return run(coroutine, depth);
    }

    /// Goes on where `coroutine` gave up control.
    @Nullable Object[] resume(Coroutine coroutine, @Nullable Object[] arguments) {
        Frame frame = coroutine.present();
        long code = frame.code[frame.at - 1];
        if (Op.kind(code) == Op.TAILCALL) {
            @Nullable Object[] left = leave(coroutine, frame, arguments, 0);
            if (left != null) return left;
        } else store(coroutine, frame, new Return(frame.base + Op.a(code), Op.c(code)), arguments);
        return run(coroutine, 0);
    }

    /// Where results go, and how many.
    private record Return(int target, int wanted) {}

    // Lays the arguments, which lie at `first`, out as registers of a new frame.
    private void enter(Coroutine coroutine, Closure closure, int first, int count, Return results) {
        Prototype.Shape shape = closure.prototype.shape();
        coroutine.ensure(first + Math.max(count, shape.registers()) + 1);
        @Nullable Object[] stack = coroutine.stack;
        @Nullable Object[] rest = HostFunction.NOTHING;
        if (shape.rest() == Rest.KEPT && shape.params() < count) {
            rest = Arrays.copyOfRange(stack, first + shape.params(), first + count);
            machine.memory().charge(rest.length * 8L);
        }
        int named = Math.min(count, shape.params());
        int end = first + shape.registers();
        Arrays.fill(stack, first + named, Math.max(end, first + count), null);
        coroutine.push(new Frame(closure, first, results.target, results.wanted, rest));
    }

    private @Nullable Object[] run(Coroutine coroutine, int floor) {
        try {
            while (true) {
                Frame frame = coroutine.present();
                long code = frame.code[frame.at++];
                machine.step();
                switch (Op.kind(code)) {
                    case Op.CALL -> {
                        @Nullable Object[] given = callOp(coroutine, frame, code);
                        if (given != null) return given;
                    }
                    case Op.TAILCALL -> {
                        @Nullable Object[] given = tailCall(coroutine, frame, code, floor);
                        if (given != null) return given;
                    }
                    case Op.RETURN -> {
                        @Nullable Object[] left =
                                leave(coroutine, frame, values(coroutine, frame, code), floor);
                        if (left != null) return left;
                    }
                    default -> step(coroutine, frame, code);
                }
            }
        } catch (LuaError error) {
            Where where = where(coroutine, 0);
            throw error.placed(where == null ? "" : prefix(where), where);
        }
    }

    // Not null if the coroutine gave up control.
    private @Nullable Object @Nullable [] callOp(Coroutine coroutine, Frame frame, long code) {
        int at = frame.base + Op.a(code);
        int count = Op.b(code) < 0 ? frame.top - at - 1 : Op.b(code);
        var results = new Return(at, Op.c(code));
        Object callee = coroutine.stack[at];
        if (callee instanceof Closure closure) {
            enter(coroutine, closure, at + 1, count, results);
            return null;
        }
        if (callee instanceof HostFunction function) {
            @Nullable Object[] given =
                    machine.callHost(
                            function, Arrays.copyOfRange(coroutine.stack, at + 1, at + 1 + count));
            if (coroutine.status == Status.SUSPENDED) return given;
            store(coroutine, frame, results, given);
            return null;
        }
        shiftHandler(coroutine, frame, at, count);
        return callOp(coroutine, frame, Op.of(Op.CALL, Op.a(code), count + 1, Op.c(code)));
    }

    // The handler is called in place of the value, which becomes its first argument.
    private void shiftHandler(Coroutine coroutine, Frame frame, int at, int count) {
        Object callee = coroutine.stack[at];
        if (!(machine.callHandler(callee) instanceof LuaFunction function))
            throw wrongOperand(coroutine, "call", callee);
        coroutine.ensure(at + count + 2);
        System.arraycopy(coroutine.stack, at, coroutine.stack, at + 1, count + 1);
        coroutine.stack[at] = function;
        frame.top = Math.max(frame.top, at + count + 2);
    }

    private @Nullable Object @Nullable [] tailCall(
            Coroutine coroutine, Frame frame, long code, int floor) {
        int at = frame.base + Op.a(code);
        int count = Op.b(code) < 0 ? frame.top - at - 1 : Op.b(code);
        Object callee = coroutine.stack[at];
        if (callee instanceof HostFunction function) {
            @Nullable Object[] given =
                    machine.callHost(
                            function, Arrays.copyOfRange(coroutine.stack, at + 1, at + 1 + count));
            if (coroutine.status == Status.SUSPENDED) return given;
            return leave(coroutine, frame, given, floor);
        }
        if (!(callee instanceof Closure closure)) {
            shiftHandler(coroutine, frame, at, count);
            return tailCall(coroutine, frame, Op.of(Op.TAILCALL, Op.a(code), count + 1, 0), floor);
        }
        coroutine.closeFrom(frame.base);
        System.arraycopy(coroutine.stack, at + 1, coroutine.stack, frame.base, count);
        coroutine.pop();
        enter(coroutine, closure, frame.base, count, new Return(frame.target, frame.wanted));
        coroutine.present().isEntry = frame.isEntry;
        return null;
    }

    private static @Nullable Object[] values(Coroutine coroutine, Frame frame, long code) {
        int at = frame.base + Op.a(code);
        int count = Op.b(code) < 0 ? frame.top - at : Op.b(code);
        return count == 0
                ? HostFunction.NOTHING
                : Arrays.copyOfRange(coroutine.stack, at, at + count);
    }

    // Ends a frame; not null if whoever called is the host.
    private @Nullable Object @Nullable [] leave(
            Coroutine coroutine, Frame frame, @Nullable Object[] values, int floor) {
        coroutine.closeFrom(frame.base);
        coroutine.pop();
        if (coroutine.depth() == floor) return values;
        store(coroutine, coroutine.present(), new Return(frame.target, frame.wanted), values);
        return null;
    }

    private void store(
            Coroutine coroutine, Frame frame, Return results, @Nullable Object[] values) {
        int wanted = results.wanted < 0 ? values.length : results.wanted;
        coroutine.ensure(results.target + wanted + 1);
        int stored = Math.min(wanted, values.length);
        System.arraycopy(values, 0, coroutine.stack, results.target, stored);
        for (int i = stored; i < wanted; i++) coroutine.stack[results.target + i] = null;
        if (results.wanted < 0) frame.top = results.target + wanted;
    }

    private void step(Coroutine coroutine, Frame frame, long code) {
        @Nullable Object[] stack = coroutine.stack;
        int base = frame.base;
        int a = base + Op.a(code);
        int b = Op.b(code);
        switch (Op.kind(code)) {
            case Op.MOVE -> stack[a] = stack[base + b];
            case Op.LOADK -> stack[a] = frame.constants[b];
            case Op.LOADNIL -> Arrays.fill(stack, a, base + b + 1, null);
            case Op.LOADBOOL -> stack[a] = b != 0;
            case Op.GETUPVAL -> stack[a] = frame.closure.upvalues[b].get();
            case Op.SETUPVAL -> frame.closure.upvalues[b].set(stack[a]);
            case Op.GETGLOBAL -> {
                Object value = machine.index(machine.globals(), frame.constants[b]);
                coroutine.stack[a] = value;
            }
            case Op.SETGLOBAL -> machine.setIndex(machine.globals(), frame.constants[b], stack[a]);
            case Op.GETTABLE -> {
                Object value = machine.index(stack[base + b], operand(stack, frame, Op.c(code)));
                coroutine.stack[a] = value;
            }
            case Op.SETTABLE ->
                    machine.setIndex(
                            stack[a], operand(stack, frame, b), operand(stack, frame, Op.c(code)));
            case Op.NEWTABLE -> stack[a] = new LuaTable(machine.memory(), b, Op.c(code));
            case Op.SELF -> {
                Object holder = stack[base + b];
                Object value = machine.index(holder, operand(stack, frame, Op.c(code)));
                coroutine.stack[a + 1] = holder;
                coroutine.stack[a] = value;
            }
            case Op.NOT -> stack[a] = !Values.isTrue(stack[base + b]);
            case Op.JMP -> frame.at = b;
            case Op.JMPIF -> {
                if (Values.isTrue(stack[a])) frame.at = b;
            }
            case Op.JMPIFNOT -> {
                if (!Values.isTrue(stack[a])) frame.at = b;
            }
            case Op.FORPREP -> prepareLoop(stack, a, frame, b);
            case Op.FORLOOP -> loop(stack, a, frame, b);
            case Op.TFORLOOP -> iterate(coroutine, frame, a, code);
            case Op.SETLIST -> setList(coroutine, frame, a, code);
            case Op.CLOSE -> coroutine.closeFrom(a);
            case Op.CLOSURE -> stack[a] = close(coroutine, frame, b);
            case Op.VARARG -> spread(coroutine, frame, a, b);
            default -> compute(coroutine, frame, code);
        }
    }

    private void compute(Coroutine coroutine, Frame frame, long code) {
        @Nullable Object[] stack = coroutine.stack;
        Metamethods metamethods = machine.metamethods();
        int kind = Op.kind(code);
        int b = Op.b(code);
        int c = Op.c(code);
        Object result =
                switch (kind) {
                    case Op.UNM -> metamethods.negate(operand(stack, frame, b));
                    case Op.LEN -> metamethods.length(operand(stack, frame, b));
                    case Op.CONCAT -> concatenate(coroutine, frame, b, c);
                    case Op.EQ ->
                            metamethods.areEqual(
                                    operand(stack, frame, b), operand(stack, frame, c));
                    case Op.NE ->
                            !metamethods.areEqual(
                                    operand(stack, frame, b), operand(stack, frame, c));
                    case Op.LT ->
                            metamethods.isLess(operand(stack, frame, b), operand(stack, frame, c));
                    case Op.LE ->
                            metamethods.isAtMost(
                                    operand(stack, frame, b), operand(stack, frame, c));
                    default ->
                            metamethods.arithmetic(
                                    kind, operand(stack, frame, b), operand(stack, frame, c));
                };
        coroutine.stack[frame.base + Op.a(code)] = result;
    }

    private static @Nullable Object operand(@Nullable Object[] stack, Frame frame, int place) {
        return place < 0 ? frame.constants[~place] : stack[frame.base + place];
    }

    // From the right, as many strings at a time as there are.
    private @Nullable Object concatenate(Coroutine coroutine, Frame frame, int b, int c) {
        long length = 0;
        boolean areStrings = true;
        for (int i = b; i <= c && areStrings; i++) {
            Object each = coroutine.stack[frame.base + i];
            LuaString string = Values.stringOrNull(each);
            areStrings = string != null;
            if (string != null) length += string.length();
        }
        if (areStrings && b + 1 < c) return joined(coroutine, frame.base + b, c - b + 1, length);
        Object result = coroutine.stack[frame.base + c];
        for (int i = c - 1; b <= i; i--)
            result = machine.metamethods().concatenate(coroutine.stack[frame.base + i], result, i);
        return result;
    }

    private LuaString joined(Coroutine coroutine, int from, int count, long length) {
        machine.memory().charge(length + 48);
        byte[] bytes = new byte[Math.toIntExact(length)];
        int at = 0;
        for (int i = from; i < from + count; i++) {
            LuaString string = Values.stringOrNull(coroutine.stack[i]);
            byte[] part = java.util.Objects.requireNonNull(string).array();
            System.arraycopy(part, 0, bytes, at, part.length);
            at += part.length;
        }
        return LuaString.wrap(bytes);
    }

    private static void prepareLoop(@Nullable Object[] stack, int a, Frame frame, int end) {
        Double start = Values.numberOrNull(stack[a]);
        Double limit = Values.numberOrNull(stack[a + 1]);
        Double step = Values.numberOrNull(stack[a + 2]);
        if (start == null) throw new LuaError("'for' initial value must be a number");
        if (limit == null) throw new LuaError("'for' limit must be a number");
        if (step == null) throw new LuaError("'for' step must be a number");
        stack[a] = start - step;
        stack[a + 1] = limit;
        stack[a + 2] = step;
        frame.at = end;
    }

    private static void loop(@Nullable Object[] stack, int a, Frame frame, int body) {
        double step = (Double) java.util.Objects.requireNonNull(stack[a + 2]);
        double limit = (Double) java.util.Objects.requireNonNull(stack[a + 1]);
        Double next = (Double) java.util.Objects.requireNonNull(stack[a]) + step;
        if (0 < step ? limit < next : next < limit) return;
        if (next.isNaN() || Double.isNaN(limit) || Double.isNaN(step)) return;
        stack[a] = next;
        stack[a + 3] = next;
        frame.at = body;
    }

    private void iterate(Coroutine coroutine, Frame frame, int a, long code) {
        @Nullable Object[] stack = coroutine.stack;
        Object iterator = stack[a];
        if (!(iterator instanceof LuaFunction) && machine.callHandler(iterator) == null)
            throw wrongOperand(coroutine, "call", iterator);
        @Nullable Object[] arguments = {stack[a + 1], stack[a + 2]};
        @Nullable Object[] given =
                iterator instanceof HostFunction function
                        ? machine.callHost(function, arguments)
                        : machine.call(iterator, arguments);
        if (coroutine.status == Status.SUSPENDED) throw machine.cannotYield(coroutine);
        stack = coroutine.stack;
        int count = Op.c(code);
        for (int i = 0; i < count; i++) stack[a + 3 + i] = i < given.length ? given[i] : null;
        if (stack[a + 3] == null) return;
        stack[a + 2] = stack[a + 3];
        frame.at = Op.b(code);
    }

    private static void setList(Coroutine coroutine, Frame frame, int a, long code) {
        @Nullable Object[] stack = coroutine.stack;
        var table = (LuaTable) java.util.Objects.requireNonNull(stack[a]);
        int count = Op.b(code) < 0 ? frame.top - a - 1 : Op.b(code);
        int offset = Op.c(code) * TABLE_GROUP;
        table.reserve(offset + count);
        for (int i = count; 0 < i; i--) table.set(offset + i, stack[a + i]);
    }

    private static Closure close(Coroutine coroutine, Frame frame, int child) {
        Prototype prototype = frame.prototype().children()[child];
        int[] captures = prototype.captures();
        var upvalues = new Upvalue[captures.length];
        for (int i = 0; i < captures.length; i++) {
            int from = captures[i] >> 1;
            boolean isLocal = (captures[i] & 1) == 1;
            upvalues[i] =
                    isLocal ? coroutine.capture(frame.base + from) : frame.closure.upvalues[from];
        }
        return new Closure(prototype, upvalues);
    }

    private static void spread(Coroutine coroutine, Frame frame, int a, int wanted) {
        int count = wanted < 0 ? frame.rest.length : wanted;
        coroutine.ensure(a + count + 1);
        for (int i = 0; i < count; i++)
            coroutine.stack[a + i] = i < frame.rest.length ? frame.rest[i] : null;
        if (wanted < 0) frame.top = a + count;
    }

    /// The place of the call `up` calls under the top; null if there are not so many. Where the
    /// host called, the host is a call of its own.
    @Nullable Where where(Coroutine coroutine, int up) {
        int left = up;
        for (int i = coroutine.depth() - 1; 0 <= i; i--) {
            Frame frame = coroutine.frameAt(i);
            if (left-- == 0) return new Where(frame.prototype().source(), frame.line());
            if (frame.isEntry && left-- == 0) return Where.HOST;
        }
        return null;
    }

    /// What stands in front of an error from `where`.
    static String prefix(Where where) {
        return where.line() < 0 ? "" : chunk(where.source()) + ":" + where.line() + ": ";
    }

    /// How the source of a chunk is shown in errors.
    static String chunk(String source) {
        if (source.startsWith("=") || source.startsWith("@"))
            return source.substring(1, Math.min(source.length(), CHUNK_MAX));
        int end = source.indexOf('\n');
        boolean isCut = 0 <= end || SHOWN_MAX < source.length();
        String shown = source.substring(0, Math.min(0 <= end ? end : source.length(), SHOWN_MAX));
        return "[string \"" + shown + (isCut ? "..." : "") + "\"]";
    }

    LuaError wrongOperand(Coroutine coroutine, String operation, @Nullable Object value) {
        return wrongOperand(coroutine, operation, value, Prototype.FIRST);
    }

    LuaError wrongOperand(Coroutine coroutine, String operation, @Nullable Object value, int slot) {
        Frame frame = coroutine.frame();
        Subject subject = frame == null ? null : frame.prototype().subject(frame.at - 1, slot);
        String type = Values.typeOf(value);
        return new LuaError(
                subject == null
                        ? "attempt to " + operation + " a " + type + " value"
                        : "attempt to " + operation + " " + subject + " (a " + type + " value)");
    }
}
