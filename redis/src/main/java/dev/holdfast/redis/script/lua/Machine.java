package dev.holdfast.redis.script.lua;

import dev.holdfast.redis.script.lua.Coroutine.Status;
import dev.holdfast.redis.script.lua.Prototype.Subject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What one script runs on: its globals, its memory, the coroutine that runs, and what watches over
/// it. Used by one thread.
public final class Machine {
    /// The most calls of the host within calls of the host.
    private static final int HOST_CALLS_MAX = 200;

    private static final int BREATH = 20_000;
    private static final int BYTES_OF_A_STEP = 64;
    private static final LuaString INDEX = LuaString.of("__index");
    private static final LuaString NEWINDEX = LuaString.of("__newindex");
    private static final LuaString CALL = LuaString.of("__call");

    private final LuaTable globals;
    private final LuaTable stringMetatable;
    private final Memory memory;
    private final Watch watch;
    private final Object host;
    private final Metamethods metamethods = new Metamethods(this);
    private final Interpreter interpreter = new Interpreter(this);
    private final Coroutine main;
    private Coroutine running;
    private final Deque<Object> pinned = new ArrayDeque<>();
    private final Map<Class<?>, Object> attached = new HashMap<>();
    private int stepsLeft = BREATH;
    private int hostCalls;
    private @Nullable Object calling; // the function of the host that runs, as far as it is known

    /// A place in a script.
    ///
    /// @param source as given to the compiler, with its `@` or `=`
    /// @param line -1 if it is in the host
    public record Where(String source, int line) {
        /// In a function of the host.
        static final Where HOST = new Where("=[C]", -1);
    }

    /// What surrounds a machine.
    ///
    /// @param stringMetatable that of all strings
    /// @param host what functions of the host find at [#host]
    public record Setting(LuaTable globals, LuaTable stringMetatable, Object host, Watch watch) {}

    /// Who watches over a machine, and gives it what it cannot have by itself.
    public interface Watch {
        /// A few thousand steps were done. What it throws ends the script.
        void breathe();

        /// Something that nobody foresees.
        long entropy();
    }

    public Machine(Memory memory, Setting setting) {
        this.memory = memory;
        this.globals = setting.globals;
        this.stringMetatable = setting.stringMetatable;
        this.host = setting.host;
        this.watch = setting.watch;
        this.main = new Coroutine(memory, null);
        main.status = Status.RUNNING;
        this.running = main;
        memory.rootedIn(visitor -> {
            visitor.visit(globals);
            visitor.visit(main);
            visitor.visit(running);
            pinned.forEach(visitor::visit);
        });
    }

    public LuaTable globals() {
        return globals;
    }

    public Memory memory() {
        return memory;
    }

    /// What the host put there.
    public Object host() {
        return host;
    }

    /// Something that nobody foresees.
    public long entropy() {
        return watch.entropy();
    }

    /// What operators do with values that have metatables.
    public Metamethods metamethods() {
        return metamethods;
    }

    /// How the source of a chunk is shown in errors.
    public static String chunk(String source) {
        return Interpreter.chunk(source);
    }

    /// A new table.
    public LuaTable table() {
        return new LuaTable(memory);
    }

    /// `bytes` as a string, which counts as held by the script.
    public LuaString string(byte[] bytes) {
        memory.charge(bytes.length + 48L);
        return LuaString.wrap(bytes);
    }

    /// Calls `callee` from the host, and returns all results.
    public @Nullable Object[] call(@Nullable Object callee, @Nullable Object... arguments) {
        if (HOST_CALLS_MAX <= hostCalls) throw LuaError.bare("C stack overflow");
        hostCalls++;
        try {
            return switch (callee) {
                case Closure closure -> interpreter.call(running, closure, arguments);
                case HostFunction function -> callFromHost(function, arguments);
                case null, default -> {
                    Object handler = metamethods.of(callee, CALL);
                    if (!(handler instanceof LuaFunction function))
                        throw LuaError.bare(
                                "attempt to call a " + Values.typeOf(callee) + " value");
                    @Nullable Object[] shifted = new Object[arguments.length + 1];
                    shifted[0] = callee;
                    System.arraycopy(arguments, 0, shifted, 1, arguments.length);
                    yield call(function, shifted);
                }
            };
        } finally {
            hostCalls--;
        }
    }

    /// Like [#call], but an error comes back as a value.
    public Outcome tryCall(@Nullable Object callee, @Nullable Object... arguments) {
        int depth = running.depth();
        try {
            return new Outcome(call(callee, arguments), null);
        } catch (LuaError error) {
            running.unwind(depth);
            return new Outcome(HostFunction.NOTHING, error);
        }
    }

    /// What a call came to.
    ///
    /// @param error null if it went well
    public record Outcome(@Nullable Object[] results, @Nullable LuaError error) {}

    // Who calls is a function of the host, too: there is no line to tell.
    private @Nullable Object[] callFromHost(HostFunction function, @Nullable Object[] arguments) {
        Object callingBefore = calling;
        calling = function;
        try {
            return function.body().call(new Call(this, arguments));
        } catch (LuaError error) {
            throw error.fromHost().placed("", Where.HOST);
        } finally {
            calling = callingBefore;
        }
    }

    /// Calls a function of the host from Lua.
    @Nullable Object[] callHost(HostFunction function, @Nullable Object[] arguments) {
        if (HOST_CALLS_MAX <= hostCalls) throw new LuaError("C stack overflow");
        Object callingBefore = calling;
        calling = null;
        hostCalls++;
        try {
            return function.body().call(new Call(this, arguments));
        } catch (LuaError error) {
            throw error.fromHost();
        } finally {
            hostCalls--;
            calling = callingBefore;
        }
    }

    /// What the function of the host that runs was called in the code; null if that is not known.
    @Nullable Subject calledAs() {
        Frame frame = running.frame();
        if (calling != null || frame == null) return null;
        return frame.prototype().subject(frame.at - 1, Prototype.FIRST);
    }

    /// The place of the call `level` calls up: 1 is who called the function of the host that runs.
    public @Nullable Where where(int level) {
        return level == 1 && calling != null ? null : interpreter.where(running, level - 1);
    }

    /// `chunk:line: ` of the call `level` calls up; empty if that is not in Lua.
    public String prefix(int level) {
        Where where = where(level);
        return where == null ? "" : Interpreter.prefix(where);
    }

    /// A coroutine that will run `body`.
    public Coroutine newCoroutine(LuaFunction body) {
        return new Coroutine(memory, body);
    }

    /// What `status` tells of a coroutine.
    public String statusOf(Coroutine coroutine) {
        return switch (coroutine.status) {
            case FRESH, SUSPENDED -> "suspended";
            case RUNNING -> "running";
            case NORMAL -> "normal";
            case DEAD -> "dead";
        };
    }

    /// The coroutine that runs; null if it is the script itself.
    public @Nullable Coroutine running() {
        return running == main ? null : running;
    }

    /// Has `coroutine` go on until it ends or gives up control.
    public Outcome resume(Coroutine coroutine, @Nullable Object[] arguments) {
        boolean isFresh = coroutine.status == Status.FRESH;
        if (!isFresh && coroutine.status != Status.SUSPENDED)
            return failed("cannot resume " + nameOf(coroutine.status) + " coroutine");
        if (HOST_CALLS_MAX <= hostCalls) return failed("C stack overflow");
        Coroutine before = running;
        Object callingBefore = calling;
        before.status = Status.NORMAL;
        coroutine.status = Status.RUNNING;
        running = coroutine;
        calling = null;
        coroutine.hostCalls = ++hostCalls;
        try {
            @Nullable Object[] results =
                    isFresh
                            ? begin(coroutine, arguments)
                            : interpreter.resume(coroutine, arguments);
            if (coroutine.status == Status.RUNNING) coroutine.status = Status.DEAD;
            return new Outcome(results, null);
        } catch (LuaError error) {
            coroutine.unwind(0);
            coroutine.status = Status.DEAD;
            return new Outcome(HostFunction.NOTHING, error);
        } finally {
            running = before;
            calling = callingBefore;
            before.status = Status.RUNNING;
            hostCalls--;
        }
    }

    private @Nullable Object[] begin(Coroutine coroutine, @Nullable Object[] arguments) {
        return coroutine.body instanceof Closure closure
                ? interpreter.call(coroutine, closure, arguments)
                : callFromHost(
                        (HostFunction) java.util.Objects.requireNonNull(coroutine.body), arguments);
    }

    /// Gives up control with `values`. Throws an error where that cannot be.
    public @Nullable Object[] yield(@Nullable Object[] values) {
        boolean isDirect = running != main && running.hostCalls + 1 == hostCalls;
        if (!isDirect || calling != null) throw cannotYield(running);
        running.status = Status.SUSPENDED;
        return values;
    }

    /// The error of a yield where the host would be left out; `coroutine` runs on.
    LuaError cannotYield(Coroutine coroutine) {
        coroutine.status = Status.RUNNING;
        return LuaError.bare("attempt to yield across metamethod/C-call boundary");
    }

    private static String nameOf(Status status) {
        return switch (status) {
            case RUNNING -> "running";
            case NORMAL -> "normal";
            case FRESH, SUSPENDED -> "suspended";
            case DEAD -> "dead";
        };
    }

    private static Outcome failed(String text) {
        return new Outcome(HostFunction.NOTHING, LuaError.bare(text));
    }

    /// What `key` of `holder` is, metatables asked.
    public @Nullable Object index(@Nullable Object holder, @Nullable Object key) {
        Object place = holder;
        for (int i = 0; i < 100; i++) {
            Object handler;
            if (place instanceof LuaTable table) {
                Object value = table.get(key);
                if (value != null || table.metatable() == null) return value;
                handler = table.metatable().get(INDEX);
                if (handler == null) return null;
            } else {
                handler = metamethods.of(place, INDEX);
                if (handler == null) throw notIndexable(holder, place);
            }
            if (handler instanceof LuaFunction) return first(handle(handler, place, key));
            place = handler;
        }
        throw new LuaError("loop in gettable");
    }

    /// Has `key` of `holder` be `value`, metatables asked.
    public void setIndex(@Nullable Object holder, @Nullable Object key, @Nullable Object value) {
        Object place = holder;
        for (int i = 0; i < 100; i++) {
            Object handler;
            if (place instanceof LuaTable table) {
                handler = table.metatable() == null ? null : table.metatable().get(NEWINDEX);
                if (handler == null || table.get(key) != null) {
                    rawSet(table, key, value);
                    return;
                }
            } else {
                handler = metamethods.of(place, NEWINDEX);
                if (handler == null) throw notIndexable(holder, place);
            }
            if (handler instanceof LuaFunction) {
                handle(handler, place, key, value);
                return;
            }
            place = handler;
        }
        throw new LuaError("loop in settable");
    }

    // Called by an instruction, so that an error of the host's tells the line.
    private @Nullable Object[] handle(Object handler, @Nullable Object... arguments) {
        if (!(handler instanceof HostFunction function)) return call(handler, arguments);
        @Nullable Object[] given = callHost(function, arguments);
        if (running.status == Status.SUSPENDED) throw cannotYield(running);
        return given;
    }

    // Only the operand itself has a name in the code, not what its metatables led to.
    private LuaError notIndexable(@Nullable Object holder, @Nullable Object place) {
        return place == holder
                ? interpreter.wrongOperand(running, "index", place)
                : new LuaError("attempt to index a " + Values.typeOf(place) + " value");
    }

    /// Has `key` of `table` be `value`.
    public static void rawSet(LuaTable table, @Nullable Object key, @Nullable Object value) {
        if (table.isFrozen()) throw new LuaError(LuaTable.FROZEN);
        if (key == null) throw new LuaError("table index is nil");
        if (key instanceof Double number && number.isNaN())
            throw new LuaError("table index is NaN");
        table.set(key, value);
    }

    /// The first of some results; null if there is none.
    public static @Nullable Object first(@Nullable Object[] results) {
        return results.length == 0 ? null : results[0];
    }

    /// Room for `length` bytes, which count as held by the script. To fill it takes time: a script
    /// that does nothing else breathes, too.
    public byte[] room(long length) {
        steps(length / BYTES_OF_A_STEP);
        memory.charge(length + 48L);
        if (Integer.MAX_VALUE - 64 < length) throw LuaError.bare("not enough memory");
        return new byte[(int) length];
    }

    /// Has `value`, which a function of the host is making, count as held until [#unpin].
    public void pin(Object value) {
        pinned.push(value);
    }

    /// Lets go of the value that was pinned last.
    public void unpin() {
        pinned.pop();
    }

    /// Lets go of all that was pinned after the first `count`.
    public void unpinTo(int count) {
        while (count < pinned.size()) pinned.pop();
    }

    /// How many values are pinned.
    public int pinned() {
        return pinned.size();
    }

    /// What belongs to this machine and is of `type`; made when it is asked for first.
    public <T> T attached(Class<T> type, Supplier<T> maker) {
        return type.cast(attached.computeIfAbsent(type, _ -> maker.get()));
    }

    /// The metatable of `value`; null if it has none.
    public @Nullable LuaTable metatableOf(@Nullable Object value) {
        if (value instanceof LuaTable table) return table.metatable();
        return value instanceof LuaString ? stringMetatable : null;
    }

    /// The handler that the metatable of `value` has for a call.
    @Nullable Object callHandler(@Nullable Object value) {
        return metamethods.of(value, CALL);
    }

    LuaError wrongOperand(String operation, @Nullable Object value) {
        return interpreter.wrongOperand(running, operation, value);
    }

    LuaError wrongOperand(String operation, @Nullable Object value, int slot) {
        return interpreter.wrongOperand(running, operation, value, slot);
    }

    /// A step is about to be done. Throws what ends the script.
    void step() {
        if (0 <= --stepsLeft) return;
        stepsLeft = BREATH;
        watch.breathe();
    }

    /// `steps` were done by the host at once. Throws what ends the script.
    public void steps(long steps) {
        stepsLeft -= (int) Math.min(BREATH, steps);
        if (0 <= stepsLeft) return;
        stepsLeft = BREATH;
        watch.breathe();
    }
}
