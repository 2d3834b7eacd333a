package dev.holdfast.engine.wal;

import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Closed.Reason;
import dev.holdfast.engine.event.FencedEvent;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.StopException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Why this instance of a database ended, if it did.
///
/// Invariant: set at most once; the first reason stays. Whoever waits for something that an ended
/// instance will never do listens, and looks again. Thread-safe.
public final class Ending {
    private final String database;
    private final AtomicReference<@Nullable Closed> end = new AtomicReference<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// @param database the path of the database, to tell it from others of the process
    public Ending(String database) {
        this.database = database;
    }

    /// The path of the database.
    public String database() {
        return database;
    }

    /// Throws a [Closed] for this caller if the instance has ended.
    public void check() {
        Closed seen = end.get();
        if (seen != null) throw asSeenHere(seen);
    }

    /// True once it has ended.
    public boolean isReached() {
        return end.get() != null;
    }

    /// Why it ended; null while it has not.
    public @Nullable Reason reason() {
        Closed seen = end.get();
        return seen == null ? null : seen.reason();
    }

    /// It was closed in order.
    public void close() {
        reach(new Closed(Reason.CLEAN, "the database was closed", null));
    }

    /// A newer writer has taken the database over.
    public void fence(String how) {
        reach(new Closed(Reason.FENCED, "fenced by a newer writer. " + how, null));
    }

    /// An error that cannot be survived: what is in memory may no longer be what was logged.
    public void fail(Throwable cause) {
        if (cause instanceof Closed closed) reach(closed);
        else reach(new Closed(Reason.FAILED, "the database failed: " + cause, cause));
    }

    /// Has `listener` called once it ends, on the thread that ends it. It must be quick.
    public void listen(Runnable listener) {
        listeners.add(listener);
        if (isReached()) listener.run();
    }

    private void reach(Closed closed) {
        if (!end.compareAndSet(null, closed)) return;
        if (closed.reason() == Reason.FENCED) FencedEvent.tell(database, "writer", closed);
        listeners.forEach(Runnable::run);
    }

    /// `body`, made so that what breaks it is the reason of the end before the kernel cancels
    /// anybody's wait for it: a waiter then sees why, not merely that its wait is over.
    public Task.Body guarding(Task.Body body) {
        return () -> {
            switch (Task.attempt(body)) {
                case null -> {}
                case StopException stopping -> throw stopping;
                case RuntimeException broken -> throw failed(broken);
                case Error broken -> throw failed(broken);
                case Exception checked -> throw checked;
                case Throwable other -> throw new AssertionError("neither of both", other);
            }
        };
    }

    private <T extends Throwable> T failed(T broken) {
        fail(broken);
        return broken;
    }

    // A fresh exception shows the caller's own stack.
    private static Closed asSeenHere(Closed seen) {
        return new Closed(seen.reason(), seen.getMessage(), seen);
    }
}
