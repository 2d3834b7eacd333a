package dev.holdfast.engine.ship;

import dev.holdfast.engine.api.StorageException;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable.Reason;
import org.jspecify.annotations.Nullable;

/// What follows from how an attempt broke.
enum Reaction {
    /// Again after a pause.
    AGAIN,
    /// Again after a pause, and less at a time.
    SLOWER,
    /// Nothing will be taken until a person acts.
    PARK,
    /// Again at once: it was the thread that was interrupted, not the attempt that failed.
    REPEAT,
    /// It will never come true.
    FAIL;

    static Reaction to(@Nullable Throwable broken) {
        return switch (broken) {
            case ObjectStoreException.Unavailable unavailable ->
                    unavailable.reason() == Reason.SLOW_DOWN ? SLOWER : AGAIN;
            case ObjectStoreException _ -> PARK;
            case StorageException.Unavailable wrapped ->
                    wrapped.getCause() instanceof ObjectStoreException cause ? to(cause) : AGAIN;
            case InterruptedException _ -> REPEAT;
            case null, default -> FAIL;
        };
    }
}
