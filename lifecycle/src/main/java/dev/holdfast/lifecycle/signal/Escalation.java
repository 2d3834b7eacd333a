package dev.holdfast.lifecycle.signal;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// How far the signals received so far have pushed a stop, in steps from zero.
///
/// The first signal asks for its own step, each further one for the next; the same signal within a
/// second counts once, because some supervisors send it to a process and to its group. The step
/// never lowers. Thread-safe; takes no lock, so that it may run in a signal handler.
public final class Escalation {
    private static final long SAME_NANOS = 1_000_000_000L;

    private final int lastStep;
    private final AtomicReference<@Nullable Received> received = new AtomicReference<>();

    private record Received(int step, String signal, long atNanos) {}

    public Escalation(int lastStep) {
        this.lastStep = lastStep;
    }

    /// The step to go to, or -1 if the signal counts as one with the one before.
    public int receive(String signal, int firstStep, long nowNanos) {
        while (true) {
            Received before = received.get();
            if (before != null && isSame(before, signal, nowNanos)) return -1;
            int next = before == null ? firstStep : Math.max(firstStep, before.step + 1);
            int step = Math.min(next, lastStep);
            if (received.compareAndSet(before, new Received(step, signal, nowNanos))) return step;
        }
    }

    /// Begins anew: the stop that the signals asked for was taken back.
    public void reset() {
        received.set(null);
    }

    private static boolean isSame(Received before, String signal, long nowNanos) {
        return before.signal.equals(signal) && nowNanos - before.atNanos < SAME_NANOS;
    }
}
