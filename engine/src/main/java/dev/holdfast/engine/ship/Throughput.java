package dev.holdfast.engine.ship;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How fast bytes went lately. Not thread-safe.
final class Throughput {
    private static final long SPAN_NANOS = Duration.ofSeconds(10).toNanos();

    private long spanStart;
    private long bytesBefore; // in the span before the present one
    private long bytesNow;

    Throughput(long nowNanos) {
        spanStart = nowNanos;
    }

    void sent(long bytes, long nowNanos) {
        moveTo(nowNanos);
        bytesNow += bytes;
    }

    /// How long `bytes` more will take; null if nothing has gone lately.
    @Nullable Duration timeFor(long bytes, long nowNanos) {
        moveTo(nowNanos);
        long sent = bytesBefore + bytesNow;
        if (bytes == 0) return Duration.ZERO;
        if (sent == 0) return null;
        double seconds = (SPAN_NANOS + nowNanos - spanStart) / 1e9;
        return Duration.ofMillis((long) (1000 * seconds * bytes / sent));
    }

    private void moveTo(long nowNanos) {
        long spans = (nowNanos - spanStart) / SPAN_NANOS;
        if (spans <= 0) return;
        bytesBefore = spans == 1 ? bytesNow : 0;
        bytesNow = 0;
        spanStart += spans * SPAN_NANOS;
    }
}
