package dev.holdfast.redis.script;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.FunctionLibraries.Place;
import dev.holdfast.redis.script.Registration.Registered;
import dev.holdfast.redis.script.Registration.Stage;
import dev.holdfast.redis.script.lua.Closure;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaFunction;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.Memory;
import dev.holdfast.redis.script.lua.Prototype;
import dev.holdfast.redis.script.parse.Compiler;
import java.time.Duration;

/// Compiles libraries of functions, and has them register what they have. Thread-safe.
///
/// A library is loaded once more by each call of one of its functions, so that no call finds what
/// another one left in its variables.
final class LibraryLoader {
    /// How long a library may take that somebody brings.
    static final Duration BROUGHT = Duration.ofMillis(500);

    /// How long one may take that is there already.
    static final Duration KEPT = Duration.ofSeconds(30);

    private static final String FAILED = "ERR Error registering functions: ";

    private final Env env;
    private final Sandbox sandbox;
    private final Memory.Pool pool;
    private final long memoryMax;

    LibraryLoader(Env env, Sandbox sandbox, Memory.Pool pool, long memoryMax) {
        this.env = env;
        this.sandbox = sandbox;
        this.pool = pool;
        this.memoryMax = memoryMax;
    }

    /// The library that `source` makes. An error if it makes none, or takes longer than `patience`.
    FunctionLibrary load(LibrarySource source, Duration patience) {
        Prototype body = compiled(source);
        var memory = new Memory(memoryMax, pool);
        try {
            memory.charge(source.whole().length());
            var watch = new Patience(env, Deadline.after(env, patience));
            Machine machine = sandbox.libraryMachine(memory, source, watch);
            Registration registration = run(machine, body, Stage.FIRST);
            if (registration.functions().isEmpty())
                throw new RespError("ERR No functions registered");
            return new FunctionLibrary(
                    source,
                    body,
                    registration.functions().stream().map(Registered::entry).toList());
        } catch (LuaError error) {
            throw new RespError(FAILED + Scripts.text(error));
        } catch (StackOverflowError deep) {
            throw new RespError(FAILED + "ERR stack overflow");
        } finally {
            memory.release();
        }
    }

    /// Loads the library of `place` on `machine`, and returns what its function does.
    LuaFunction load(Machine machine, Place place) {
        Registration registration = run(machine, place.library().body(), Stage.AGAIN);
        sandbox.open(machine);
        for (Registered each : registration.functions())
            if (each.entry().name().equals(place.function().name())) return each.body();
        throw LuaError.bare("library does not register the function any more");
    }

    private static Registration run(Machine machine, Prototype body, Stage stage) {
        Registration registration = Registration.of(machine);
        registration.goTo(stage);
        machine.call(new Closure(body));
        registration.goTo(Stage.OVER);
        return registration;
    }

    private static Prototype compiled(LibrarySource source) {
        try {
            return Compiler.compile(source.code(), "@user_function");
        } catch (LuaError wrong) {
            throw new RespError("ERR Error compiling function: " + wrong.getMessage());
        } catch (StackOverflowError deep) {
            throw new RespError("ERR Error compiling function: stack overflow");
        }
    }

    /// Ends what takes too long.
    private record Patience(Env env, Deadline deadline) implements Machine.Watch {
        @Override
        public void breathe() {
            if (deadline.isExpired()) throw new RespError(FAILED + "ERR FUNCTION LOAD timeout");
            if (Thread.currentThread().isInterrupted())
                throw new RespError(FAILED + "ERR the server stops");
            Thread.yield();
        }

        @Override
        public long entropy() {
            return env.randomLong();
        }
    }
}
