package dev.holdfast.lifecycle.signal;

import dev.holdfast.base.Adapter;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One piece of work that may hang or throw, on a platform thread made beforehand, so that nobody
/// who ends a process has to wait for it longer than he likes. Takes no lock.
@Adapter("owns a platform thread")
public final class Errand<T> {
    private final Consumer<T> body;
    private final AtomicReference<@Nullable T> subject = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean isDone;
    private volatile boolean lacksMemory;

    private Errand(String name, Consumer<T> body) {
        this.body = body;
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /// An errand with its thread running.
    public static <T> Errand<T> ready(String name, Consumer<T> body) {
        Errand<T> errand = new Errand<>(name, body);
        errand.thread.start();
        return errand;
    }

    private void run() {
        T given = subject.get();
        while (given == null) {
            LockSupport.park(this);
            given = subject.get();
        }
        try {
            body.accept(given);
        } catch (Throwable lost) { // what cannot be told must not keep the process alive
            lacksMemory = lost instanceof OutOfMemoryError;
        } finally {
            isDone = true;
        }
    }

    /// Sends the thread off with `given`; only the first time counts.
    public void send(T given) {
        if (subject.compareAndSet(null, given)) LockSupport.unpark(thread);
    }

    /// True if it came back because there was no memory for it.
    public boolean lacksMemory() {
        return lacksMemory;
    }

    /// True if it was never sent off, or is back.
    public boolean isSettled() {
        return isDone || subject.get() == null;
    }
}
