package dev.holdfast.simulation.planted;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Races without a blocking call in between: no scheduler sees them unless threads switch before
/// accesses. And one counter that is right.
final class Counters {
    private final ConcurrentHashMap<String, Integer> counts = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger right = new AtomicInteger();
    private volatile boolean isClosed;
    private int plain;

    /// Reads, then writes.
    void count(String what) {
        Integer before = counts.get(what);
        counts.put(what, before == null ? 1 : before + 1);
    }

    int counted(String what) {
        return counts.getOrDefault(what, 0);
    }

    void countPlainly() {
        plain = plain + 1;
    }

    int countedPlainly() {
        return plain;
    }

    void countRightly() {
        right.incrementAndGet();
    }

    int countedRightly() {
        return right.get();
    }

    /// Looks whether it is closed, then acts.
    boolean offer(int item) {
        if (isClosed) return false;
        queue.add(item);
        return true;
    }

    int closeAndDrain() {
        isClosed = true;
        int drained = 0;
        while (queue.poll() != null) drained++;
        return drained;
    }
}
