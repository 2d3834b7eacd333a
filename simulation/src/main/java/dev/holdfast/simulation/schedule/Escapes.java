package dev.holdfast.simulation.schedule;

import dev.holdfast.base.Adapter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// What shows that a run can not be trusted: something happened that its seed did not decide, or
/// somebody was left waiting. Thread-safe, since real threads are what it is about.
final class Escapes {
    private static final int KEPT_MAX = 100;
    private static final long STRAGGLER_NANOS = 100_000_000L;

    private final List<String> all = new ArrayList<>();

    synchronized void add(String what) {
        if (all.size() < KEPT_MAX) all.add(what);
    }

    void wokenBy(Thread real, Thread woken) {
        add("woken by the real thread " + real.getName() + ": " + woken.getName());
    }

    /// Gives real threads a moment to show that it is they who are waited for.
    @Adapter("real time, because real threads are waited for")
    void waitForStragglers() {
        LockSupport.parkNanos(STRAGGLER_NANOS);
    }

    synchronized List<String> all() {
        return List.copyOf(all);
    }
}
