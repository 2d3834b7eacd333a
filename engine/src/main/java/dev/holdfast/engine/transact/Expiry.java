package dev.holdfast.engine.transact;

import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// Ends transactions that nobody uses and nobody closes, once they have been open for too long: on
/// a thread that is there while transactions are open, and a little longer.
///
/// Thread-safe.
final class Expiry {
    private static final String NAME = "transactions";

    private final OpenTransactions open;
    private final Transactions.Door door;
    private final AtomicBoolean isWatching = new AtomicBoolean();

    Expiry(OpenTransactions open, Transactions.Door door) {
        this.open = open;
        this.door = door;
    }

    /// One has begun.
    void watch() {
        if (isWatching.get() || !isWatching.compareAndSet(false, true)) return;
        try {
            door.fork(NAME, this::watchUntilNoneIsOpen);
        } catch (Closed stopping) {
            isWatching.set(false); // all of them end with the database
        }
    }

    private void watchUntilNoneIsOpen() throws InterruptedException {
        Token untilStop = door.token();
        WaitResult waited = WaitResult.EXPIRED;
        while (waited == WaitResult.EXPIRED) {
            long left = open.expire();
            if (left < 0 && hasLeft()) return;
            if (0 < left) waited = untilStop.pause(Duration.ofNanos(left));
        }
        isWatching.set(false);
    }

    // Who begins one now either finds nobody watching, or is seen here.
    private boolean hasLeft() {
        isWatching.set(false);
        return !open.isThere() || !isWatching.compareAndSet(false, true);
    }
}
