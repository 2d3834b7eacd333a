package dev.holdfast.lifecycle;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A thread of a component, from its fork to its end. Thread-safe.
public final class Task {
    /// What a task runs.
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    /// Runs `body` and returns what broke it; null if nothing did. For those who must tell of a
    /// failure whatever it is: only the kernel catches everything.
    public static @Nullable Throwable attempt(Body body) {
        try {
            body.run();
            return null;
        } catch (Throwable broken) { // that is what it is for
            return broken;
        }
    }

    private final String name;
    private final Token token;
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitPoint ended;
    private volatile @Nullable Thread thread;
    private volatile @Nullable Throwable failure;
    private volatile boolean isDone;

    Task(String name, Token token) {
        this.name = name;
        this.token = token;
        // A task that has ended is what the wait is for, so its end must not read as a waker gone.
        ended = new WaitPoint(lock, WaitKind.TASK, "task " + name + " to end", "task " + name);
    }

    /// Waits until it has ended: false if it still runs at the deadline, or when the component is
    /// told to abort.
    public boolean join(Deadline deadline) throws InterruptedException {
        return join(deadline, token.renewed());
    }

    boolean join(Deadline deadline, Token until) throws InterruptedException {
        lock.lock();
        try {
            return ended.await(() -> isDone, deadline, until) == WaitResult.SATISFIED;
        } finally {
            lock.unlock();
        }
    }

    boolean joinUninterruptibly(Deadline deadline, Token until) {
        lock.lock();
        try {
            return ended.awaitUninterruptibly(() -> isDone, deadline, until)
                    == WaitResult.SATISFIED;
        } finally {
            lock.unlock();
        }
    }

    /// True once its body has returned or thrown.
    public boolean isDone() {
        return isDone;
    }

    /// What its body threw, unless that was the kernel's own stop.
    public @Nullable Throwable failure() {
        return failure;
    }

    /// What it is called.
    public String name() {
        return name;
    }

    /// The thread that runs it; null before it runs.
    public @Nullable Thread thread() {
        return thread;
    }

    void runsOn(Thread runner) {
        thread = runner;
    }

    void end(@Nullable Throwable thrown) {
        lock.lock();
        try {
            failure = thrown;
            isDone = true;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
