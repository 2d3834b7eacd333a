package dev.holdfast.simulation.store;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The dealings of one machine with the store, from its start to its end: what it called, and the
/// call at which it is to die, if there is one.
public final class Lifetime {
    private final @Nullable CrashPoint crash;
    private final List<Operation> calls = new ArrayList<>();
    private long watchedCall = -1;
    private Runnable watch = () -> {};
    private boolean hasDied;
    private boolean hasEnded;
    private @Nullable Thread director;

    private Lifetime(@Nullable CrashPoint crash) {
        this.crash = crash;
    }

    /// One without an accident.
    public static Lifetime unharmed() {
        return new Lifetime(null);
    }

    /// One that meets `crash`.
    public static Lifetime until(CrashPoint crash) {
        return new Lifetime(crash);
    }

    /// Has `deed` done just before the call `number`.
    public void before(long number, Runnable deed) {
        watchedCall = number;
        watch = deed;
    }

    /// What was called, in order; a call that the machine died before included.
    public List<Operation> calls() {
        return List.copyOf(calls);
    }

    /// True once the machine has died at its crash point.
    public boolean hasDied() {
        return hasDied;
    }

    /// Says that the machine's program is through.
    public void end() {
        hasEnded = true;
        if (director != null) LockSupport.unpark(director);
    }

    /// Waits until the machine's program is through, or dead. False if it was neither in time.
    public boolean await(Env env, Duration patience) {
        director = Thread.currentThread();
        Deadline deadline = Deadline.after(env, patience);
        while (!hasEnded && !deadline.isExpired())
            LockSupport.parkNanos(this, deadline.remainingNanos());
        return hasEnded;
    }

    long next(Operation operation) {
        long number = calls.size();
        calls.add(operation);
        if (number == watchedCall) watch.run();
        return number;
    }

    CrashPoint.@Nullable Way wayOf(long call) {
        return crash != null && crash.call() == call ? crash.way() : null;
    }

    void die() {
        hasDied = true;
        end();
    }
}
