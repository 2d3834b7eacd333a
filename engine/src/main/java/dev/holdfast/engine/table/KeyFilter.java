package dev.holdfast.engine.table;

import dev.holdfast.format.filter.BloomFilter;
import org.jspecify.annotations.Nullable;

/// A table's filter over whole keys, or the knowledge that its filters are of other kinds.
record KeyFilter(@Nullable BloomFilter filter) {
    boolean mightContain(long hash) {
        return filter == null || filter.mightContain(hash);
    }

    long sizeBytes() {
        return filter == null ? 0 : filter.sizeBytes();
    }
}
