package dev.holdfast.base;

import java.util.concurrent.locks.ReentrantLock;

/// Ways to take a lock.
public final class Locks {
    private static final int LOOKS = 200; // some microseconds

    private Locks() {}

    /// Takes `lock`, which is only ever held for moments, and looks a while before it parks: for a
    /// place where many wait for the thread that comes here. A virtual thread that parks runs again
    /// only after all that are ready by then, and they would be waiting for it.
    public static void lockSoon(ReentrantLock lock) {
        for (int looks = 0; looks < LOOKS; looks++) {
            if (lock.tryLock()) return;
            Thread.onSpinWait();
        }
        lock.lock();
    }
}
