package dev.holdfast.engine.ship;

import java.time.Duration;

/// How many uploads go at once: one more after each windowful of successes, half when the store
/// asks for less.
///
/// Not thread-safe.
final class Window {
    private static final long CUT_NANOS = Duration.ofSeconds(1).toNanos();

    private final int max;
    private int size;
    private int successes;
    private boolean wasCut;
    private long cutNanos;

    Window(int max) {
        this.max = max;
        size = max;
    }

    int size() {
        return size;
    }

    void succeeded() {
        if (size == max || ++successes < size) return;
        size++;
        successes = 0;
    }

    // Answers to what was sent together are one answer.
    void slowDown(long nowNanos) {
        if (wasCut && nowNanos - cutNanos < CUT_NANOS) return;
        size = Math.max(1, size / 2);
        successes = 0;
        wasCut = true;
        cutNanos = nowNanos;
    }
}
