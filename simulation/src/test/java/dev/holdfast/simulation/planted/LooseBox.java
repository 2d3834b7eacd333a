package dev.holdfast.simulation.planted;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// A planted bug: a mailbox that looks whether it is sealed, and puts in afterwards.
final class LooseBox {
    private final ConcurrentLinkedQueue<Integer> items = new ConcurrentLinkedQueue<>();
    private volatile boolean isSealed;

    boolean offer(int item) {
        if (isSealed) return false;
        items.add(item);
        return true;
    }

    void seal() {
        isSealed = true;
    }

    boolean isSealed() {
        return isSealed;
    }

    @Nullable Integer poll() {
        return items.poll();
    }
}
