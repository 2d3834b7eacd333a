package dev.holdfast.objectstore.remote;

import dev.holdfast.objectstore.api.StoreTraffic;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// Counts requests by what they are charged as. Thread-safe.
final class Tally {
    private final AtomicLongArray requests = new AtomicLongArray(RequestKind.values().length);
    private final LongAdder failures = new LongAdder();
    private final LongAdder slowDowns = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();

    void requested(RequestKind kind) {
        requests.incrementAndGet(kind.ordinal());
    }

    void failed(Failure failure) {
        switch (failure.verdict()) {
            case ABSENT, TAKEN, BEYOND_END, NO_UPLOAD -> {}
            case NOT_DONE, REFUSED, UNKNOWN -> failures.increment();
        }
        if (failure.pace() == Failure.Pace.SLOWER) slowDowns.increment();
    }

    void read(long bytes) {
        bytesRead.add(bytes);
    }

    void written(long bytes) {
        bytesWritten.add(bytes);
    }

    StoreTraffic traffic() {
        return new StoreTraffic(
                count(RequestKind.READ),
                count(RequestKind.LOOK),
                count(RequestKind.LIST),
                count(RequestKind.WRITE),
                count(RequestKind.DELETE),
                failures.sum(),
                slowDowns.sum(),
                bytesRead.sum(),
                bytesWritten.sum(),
                StoreTraffic.Retries.NONE);
    }

    private long count(RequestKind kind) {
        return requests.get(kind.ordinal());
    }
}
