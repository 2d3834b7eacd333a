package dev.holdfast.simulation.planted;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A planted bug: a wait that looks, and makes itself known afterwards, so that it can miss its
/// signal.
final class DeafWait {
    private volatile boolean holds;
    private volatile @Nullable Thread waiter;

    void await() {
        while (!holds) {
            waiter = Thread.currentThread();
            LockSupport.park(this);
        }
    }

    void signal() {
        Thread seen = waiter;
        holds = true;
        if (seen != null) LockSupport.unpark(seen);
    }
}
