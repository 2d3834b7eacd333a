package dev.holdfast.simulation.planted;

import java.util.concurrent.atomic.AtomicInteger;

/// A planted bug: a gate whose visitors look whether it is closed before they are counted.
final class LooseGate {
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean isClosed;

    boolean enter() {
        if (isClosed) return false;
        inside.incrementAndGet();
        return true;
    }

    void leave() {
        inside.decrementAndGet();
    }

    boolean closeAndSeeEmpty() {
        isClosed = true;
        return inside.get() == 0;
    }
}
