package dev.holdfast.simulation.store;

import dev.holdfast.base.Deadline;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What a caller waits for: a value, or the news that it will not come. Given at most once.
final class Answer<T> {
    /// What is known of a request.
    enum Knowledge {
        /// Nothing yet.
        PENDING,
        /// It was carried out.
        DONE,
        /// It was not carried out, and never will be.
        NOTHING_DONE,
        /// It may have been carried out, or may still be.
        UNKNOWN
    }

    private final Thread caller = Thread.currentThread();
    private Knowledge knowledge = Knowledge.PENDING; // one thread of the simulation at a time
    private @Nullable T value;
    private @Nullable ObjectStoreException failure;
    private String why = "no answer in time";

    void give(@Nullable T given) {
        value = given;
        settle(Knowledge.DONE, "answered");
    }

    /// The store itself says that the request is wrong.
    void fail(ObjectStoreException said) {
        failure = said;
        settle(Knowledge.NOTHING_DONE, "wrong request");
    }

    void refuse(Knowledge known, String reason) {
        settle(known, reason);
    }

    private void settle(Knowledge known, String reason) {
        if (knowledge != Knowledge.PENDING) return;
        knowledge = known;
        why = reason;
        LockSupport.unpark(caller);
    }

    /// Waits until it is given, or unknown because time is up or the caller was interrupted. Throws
    /// what the store said against the request.
    Knowledge await(Deadline deadline) {
        while (knowledge == Knowledge.PENDING) {
            long left = deadline.remainingNanos();
            if (left == 0 || Thread.currentThread().isInterrupted()) {
                refuse(Knowledge.UNKNOWN, left == 0 ? why : "the caller was interrupted");
                break;
            }
            LockSupport.parkNanos(this, left);
        }
        if (failure != null) throw failure;
        return knowledge;
    }

    @Nullable T value() {
        return value;
    }

    String why() {
        return why;
    }
}
