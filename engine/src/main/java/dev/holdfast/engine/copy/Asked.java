package dev.holdfast.engine.copy;

import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.objectstore.api.ObjectStoreException;

/// A deed as its caller sees it: the store's failures in the engine's words, and no checked
/// exception.
final class Asked {
    private Asked() {}

    /// What may be interrupted.
    interface Deed<T> {
        T run() throws InterruptedException;
    }

    static <T> T of(String what, Deed<T> deed) {
        try {
            return deed.run();
        } catch (ObjectStoreException unanswered) {
            throw new Unavailable(what + " ended early: " + unanswered.getMessage(), unanswered);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable(what + " was interrupted", interrupted);
        }
    }
}
