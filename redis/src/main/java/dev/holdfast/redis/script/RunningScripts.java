package dev.holdfast.redis.script;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.lua.Machine;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The scripts and functions that run at present, each on the thread of its client. Thread-safe.
///
/// A script holds up nobody but those who need its keys: others run beside it, and it lets go of
/// its processor every few thousand steps. Once one runs for longer than scripts should, all others
/// are told so, as in Redis, and can have it ended.
public final class RunningScripts {
    private static final String UNKILLABLE =
            "UNKILLABLE Sorry the script already executed write commands against the dataset. You"
                    + " can either wait the script termination or kill the server in a hard way"
                    + " using the SHUTDOWN NOSAVE command.";

    private static final int YIELDS_IN_A_ROW = 4;

    private final Env env;
    private final LongSupplier busyMillis;
    private final Set<Run> runs = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Deadline lastCall;

    /// @param busyMillis how long a script runs before it counts as busy
    public RunningScripts(Env env, LongSupplier busyMillis) {
        this.env = env;
        this.busyMillis = busyMillis;
    }

    /// What kind of script runs.
    public enum Kind {
        SCRIPT,
        FUNCTION;

        /// What others are told while one runs for too long.
        private String busy() {
            return "BUSY Redis is busy running a script. You can only call "
                    + name()
                    + " KILL or SHUTDOWN NOSAVE.";
        }
    }

    /// What a run may do, and what may be done to it: it writes or is killed, whichever is first.
    private enum Fate {
        HARMLESS,
        WRITING,
        KILLED
    }

    /// One run.
    public final class Run implements AutoCloseable, Machine.Watch {
        private final Kind kind;
        private final String name;
        private final List<Bytes> words;
        private final long startedNanos;
        private int breaths; // of the script's own thread
        private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.HARMLESS);

        private Run(Kind kind, String name, List<Bytes> words) {
            this.kind = kind;
            this.name = name;
            this.words = words;
            this.startedNanos = env.nanoTime();
        }

        /// What runs: the name of a script or function.
        public String name() {
            return name;
        }

        /// The call that it runs for.
        public List<Bytes> words() {
            return words;
        }

        /// How long it has run.
        public long millis() {
            return TimeUnit.NANOSECONDS.toMillis(env.nanoTime() - startedNanos);
        }

        /// It is about to call what writes: it is not killed any more. Throws `ScriptEnd` if it
        /// was.
        void writes() {
            if (!fate.compareAndSet(Fate.HARMLESS, Fate.WRITING)) requireNotKilled();
        }

        private void requireNotKilled() {
            if (fate.get() == Fate.KILLED) throw new ScriptEnd(ScriptEnd.Why.KILLED);
        }

        private boolean isHarmless() {
            return fate.get() != Fate.WRITING;
        }

        // False if it has come to write meanwhile.
        private boolean kill() {
            return fate.compareAndSet(Fate.HARMLESS, Fate.KILLED) || fate.get() == Fate.KILLED;
        }

        /// Gives others their turn. Throws `ScriptEnd` if the script is to end.
        @Override
        public void breathe() {
            requireNotKilled();
            Deadline end = lastCall;
            boolean isOver = end != null && end.isExpired();
            if (isOver || Thread.currentThread().isInterrupted())
                throw new ScriptEnd(ScriptEnd.Why.STOPPED);
            giveWay();
        }

        // Threads of one processor that only yield take turns among themselves without an end:
        // whoever would kill them would wait as long.
        private void giveWay() {
            if (++breaths % YIELDS_IN_A_ROW == 0) LockSupport.parkNanos(1);
            else Thread.yield();
        }

        @Override
        public long entropy() {
            return env.randomLong();
        }

        private boolean isBusy() {
            return busyMillis.getAsLong() <= millis();
        }

        @Override
        public void close() {
            runs.remove(this);
        }
    }

    /// A run begins.
    Run begin(Kind kind, String name, List<Bytes> words) {
        var run = new Run(kind, name, words);
        runs.add(run);
        return run;
    }

    /// What others are told while a script runs for longer than scripts should; null if none does.
    public @Nullable String busy() {
        if (runs.isEmpty()) return null;
        for (Run run : runs) if (run.isBusy()) return run.kind.busy();
        return null;
    }

    /// The function that has run for longest; null if none runs. An error if a script runs for
    /// longer than scripts should.
    @Nullable Run function() {
        Run longest = null;
        for (Run run : runs) {
            if (run.kind == Kind.SCRIPT && run.isBusy()) throw new RespError(run.kind.busy());
            boolean isFunction = run.kind == Kind.FUNCTION;
            if (isFunction && (longest == null || longest.millis() < run.millis())) longest = run;
        }
        return longest;
    }

    /// Has all that run for longer than scripts should end, unless they have written.
    void kill(Kind kind) {
        List<Run> busy = runs.stream().filter(Run::isBusy).toList();
        if (busy.isEmpty()) throw new RespError("NOTBUSY No scripts in execution right now.");
        List<Run> harmless = busy.stream().filter(Run::isHarmless).toList();
        List<Run> fitting = harmless.stream().filter(run -> run.kind == kind).toList();
        if (fitting.isEmpty() && !harmless.isEmpty())
            throw new RespError(harmless.getFirst().kind.busy());
        long killed = fitting.stream().filter(Run::kill).count();
        if (killed == 0) throw new RespError(UNKILLABLE);
    }

    /// Has what still runs at `end` give up, and nothing of it be applied.
    public void endBy(Deadline end) {
        lastCall = end;
    }

    /// Takes [#endBy] back.
    public void goOn() {
        lastCall = null;
    }
}
