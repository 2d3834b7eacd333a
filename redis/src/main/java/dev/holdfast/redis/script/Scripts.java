package dev.holdfast.redis.script;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.redis.acl.Guard;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.FunctionLibraries.Place;
import dev.holdfast.redis.script.InnerCalls.Access;
import dev.holdfast.redis.script.InnerCalls.Surroundings;
import dev.holdfast.redis.script.RunningScripts.Kind;
import dev.holdfast.redis.script.RunningScripts.Run;
import dev.holdfast.redis.script.Script.Terms;
import dev.holdfast.redis.script.lua.Closure;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.Memory;
import dev.holdfast.redis.script.lua.Values;
import dev.holdfast.redis.transactions.Tally;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs scripts and functions. Thread-safe: each run has a machine of its own.
///
/// Invariants:
/// 1. All that a script calls is part of the one run of the keyspace that it was called in: it is
///    committed as one batch, or not at all.
/// 2. An error of a script does not take back what it wrote before, as in Redis; an end that the
///    server decides on does.
/// 3. A run keeps nothing from one attempt to the next.
public final class Scripts {
    private static final long MEMORY_LEAST = 4L << 20;

    private final Supplier<CommandTable> table;
    private final Tally tally;
    private final Guard guard;
    private final RunningScripts running;
    private final ScriptCache cache;
    private final Memory.Pool pool;
    private final long memoryMax;
    private final Sandbox sandbox = new Sandbox();
    private final LibraryShelf shelf;
    private final LibraryLoader loader;

    /// @param table all commands; asked only when a script runs
    public Scripts(Supplier<CommandTable> table, Tally tally, Guard guard, Limits limits) {
        this.table = table;
        this.tally = tally;
        this.guard = guard;
        this.running = new RunningScripts(limits.env, limits.busyMillis);
        var bounds = Bounds.of(limits.heapBytes);
        this.cache = new ScriptCache(bounds.compiled);
        this.memoryMax = bounds.one;
        this.pool = new Memory.Pool(bounds.all);
        this.loader = new LibraryLoader(limits.env, sandbox, pool, memoryMax);
        this.shelf = new LibraryShelf(loader, bounds.librarySources());
    }

    /// How many bytes of memory scripts may take.
    ///
    /// @param one that runs
    /// @param all that run
    /// @param compiled and not running
    record Bounds(long one, long all, long compiled) {
        static Bounds of(long heapBytes) {
            return new Bounds(
                    Math.max(MEMORY_LEAST, heapBytes / 8),
                    Math.max(2 * MEMORY_LEAST, heapBytes / 4),
                    Math.max(MEMORY_LEAST, heapBytes / 32));
        }

        /// How long the sources of libraries may be, which are all held.
        long librarySources() {
            return compiled / ScriptSource.COMPILED_FACTOR;
        }
    }

    /// What bounds scripts.
    ///
    /// @param busyMillis how long one runs before it counts as busy
    /// @param heapBytes room in the heap, of which scripts take a quarter at most, and one of them
    ///   an eighth
    public record Limits(Env env, LongSupplier busyMillis, long heapBytes) {}

    /// What runs at present.
    public RunningScripts running() {
        return running;
    }

    /// What was compiled.
    public ScriptCache cache() {
        return cache;
    }

    /// The libraries of functions.
    public LibraryShelf shelf() {
        return shelf;
    }

    /// A call of a script or function.
    ///
    /// @param access what the command that calls it lets it do
    /// @param words the call that the client made
    record Invocation(Access access, List<Bytes> keys, List<Bytes> arguments, List<Bytes> words) {}

    /// The script that is called `name`, compiled from `source` if it is not there yet.
    Script compiled(String name, Bytes source) {
        Script known = cache.find(name);
        if (known != null) return known;
        Script script = ScriptSource.compile(name, source);
        cache.add(script);
        return script;
    }

    /// Runs `script` in the run of `keyspace`.
    Reply run(Keyspace keyspace, Session session, Script script, Invocation invocation) {
        return run(
                keyspace,
                session,
                new Task(Kind.SCRIPT, script.name(), script.terms()),
                invocation,
                (machine, keys, arguments) -> {
                    machine.globals().set("KEYS", keys);
                    machine.globals().set("ARGV", arguments);
                    machine.globals().freeze();
                    return machine.call(new Closure(script.body()));
                });
    }

    /// Runs the function at `place` in the run of `keyspace`.
    Reply run(Keyspace keyspace, Session session, Place place, Invocation invocation) {
        var terms = new Terms(place.function().flags(), true);
        return run(
                keyspace,
                session,
                new Task(Kind.FUNCTION, place.function().name(), terms),
                invocation,
                (machine, keys, arguments) ->
                        machine.call(loader.load(machine, place), keys, arguments));
    }

    /// What is run.
    ///
    /// @param name as errors show it
    private record Task(Kind kind, String name, Terms terms) {}

    /// Has a machine do the work.
    private interface Work {
        @Nullable Object[] on(Machine machine, LuaTable keys, LuaTable arguments);
    }

    private Reply run(
            Keyspace keyspace, Session session, Task task, Invocation invocation, Work work) {
        Access access = access(task.terms, invocation.access);
        var memory = new Memory(memoryMax, pool);
        var surroundings = new Surroundings(table.get(), tally, guard, pool);
        try (Run run = running.begin(task.kind, task.name, invocation.words);
                var calls = new InnerCalls(keyspace, session, surroundings, run, access)) {
            return run(task, calls, new Hold(memory, run), invocation, work);
        } finally {
            memory.release();
        }
    }

    private record Hold(Memory memory, Run run) {}

    private Reply run(Task task, InnerCalls calls, Hold hold, Invocation invocation, Work work) {
        try {
            Machine machine =
                    task.kind == Kind.SCRIPT
                            ? sandbox.machine(hold.memory, calls, hold.run)
                            : sandbox.libraryMachine(hold.memory, calls, hold.run);
            return run(machine, task, calls, invocation, work);
        } catch (LuaError error) {
            return Reply.error(text(task, error));
        } catch (StackOverflowError deep) {
            throw new RespError("ERR stack overflow in script. Nothing was applied");
        }
    }

    private static Reply run(
            Machine machine, Task task, InnerCalls calls, Invocation invocation, Work work) {
        try {
            LuaTable keys = Sandbox.list(machine, invocation.keys);
            LuaTable arguments = Sandbox.list(machine, invocation.arguments);
            Object result = Machine.first(work.on(machine, keys, arguments));
            return new ScriptResult(machine, calls.protocol()).of(result);
        } catch (ScriptEnd end) {
            return switch (end.why()) {
                case KILLED ->
                        Reply.error(
                                "ERR Script killed by user with SCRIPT KILL..."
                                        + place(task, machine.where(1)));
                case STOPPED ->
                        throw new RespError(
                                "ERR the server stops, the script was ended. Nothing was applied");
            };
        }
    }

    private static Access access(Terms terms, Access asked) {
        boolean writesNothing = terms.flags().contains(ScriptFlag.NO_WRITES);
        if (terms.isDeclared() && !writesNothing && asked == Access.READS_ONLY)
            throw new RespError("ERR Can not execute a script with write flag using *_ro command.");
        return writesNothing ? Access.READS_ONLY : asked;
    }

    private static String text(Task task, LuaError error) {
        return text(error) + place(task, error.where());
    }

    private static String place(Task task, Machine.@Nullable Where where) {
        boolean isKnown = where != null && (task.kind == Kind.SCRIPT || 0 <= where.line());
        if (!isKnown) return "";
        return " script: " + task.name + ", on " + where.source() + ":" + where.line() + ".";
    }

    /// What a client is told of `error`, but for where it happened.
    static String text(LuaError error) {
        Object value = error.value();
        if (value instanceof LuaTable table && table.get(LuaReplies.ERR) instanceof LuaString err)
            return ScriptResult.oneLine(err);
        if (value instanceof LuaTable) return "ERR unknown error";
        return "ERR " + ScriptResult.oneLine(shown(value));
    }

    private static LuaString shown(@Nullable Object value) {
        LuaString text = Values.stringOrNull(value);
        if (text != null) return text;
        return LuaString.of(
                value == null || value instanceof Boolean
                        ? value == null ? "nil" : value.toString()
                        : Values.typeOf(value));
    }
}
