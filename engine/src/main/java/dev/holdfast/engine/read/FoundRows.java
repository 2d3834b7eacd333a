package dev.holdfast.engine.read;

import dev.holdfast.format.row.FoundRow;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// A few rows to fill, for whoever looks something up, so that lookups need not make their own.
/// Thread-safe: one that is taken belongs to the taker until it is given back.
final class FoundRows {
    private static final int PLACES = 64; // a power of two; threads seldom meet in one
    private static final int SPREAD = 16; // so that neighbours do not share a cache line

    private final AtomicReferenceArray<FoundRow> places =
            new AtomicReferenceArray<>(PLACES * SPREAD);

    /// A row that nobody else uses.
    FoundRow take() {
        FoundRow row = places.getAndSet(place(), null);
        return row == null ? new FoundRow() : row;
    }

    /// Gives a row back, empty.
    void give(FoundRow row) {
        row.clear();
        places.setRelease(place(), row);
    }

    private static int place() {
        return ((int) Thread.currentThread().threadId() & (PLACES - 1)) * SPREAD;
    }
}
