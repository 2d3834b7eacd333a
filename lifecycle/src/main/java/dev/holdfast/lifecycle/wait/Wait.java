package dev.holdfast.lifecycle.wait;

import dev.holdfast.base.Deadline;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// One thread's wait, from the moment it is enlisted until it ends.
record Wait(
        Thread thread,
        Deadline deadline,
        WaitKind kind,
        String resource,
        String waker,
        long sinceNanos,
        BooleanSupplier holds) {

    WaitView view(String party, long nowNanos) {
        Duration soFar = Duration.ofNanos(nowNanos - sinceNanos);
        return new WaitView(thread, party, kind, resource, waker, soFar, deadline.remaining());
    }

    // Waits are told apart by identity: two threads may wait for the same thing.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sinceNanos) * 31 + Long.hashCode(thread.threadId());
    }
}
