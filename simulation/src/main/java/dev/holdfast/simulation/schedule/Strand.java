package dev.holdfast.simulation.schedule;

import org.jspecify.annotations.Nullable;

/// A virtual thread as its scheduler sees it.
public final class Strand {
    private final int number;
    private final Runnable continuation;
    private final Thread thread;
    private final Machine machine;
    private @Nullable Access next;

    /// @param number counts the threads of a run, so that a trace can name them
    /// @param continuation runs the thread up to its next wait
    Strand(int number, Runnable continuation, Thread thread, Machine machine) {
        this.number = number;
        this.continuation = continuation;
        this.thread = thread;
        this.machine = machine;
    }

    /// Tells the threads of a run apart.
    public int number() {
        return number;
    }

    /// The thread itself.
    public Thread thread() {
        return thread;
    }

    /// The machine that it lives and dies with.
    public Machine machine() {
        return machine;
    }

    /// What it does first when it runs on; null if it has not told, or has not begun.
    public @Nullable Access next() {
        return next;
    }

    void announce(Access access) {
        next = access;
    }

    Runnable continuation() {
        return continuation;
    }

    @Override
    public String toString() {
        return number + " " + thread.getName();
    }
}
