package dev.holdfast.format.filter;

import dev.holdfast.base.Bytes;

/// Gathers the keys of one table and writes a filter over them. Not thread-safe.
public interface FilterEncoder {
    /// Adds a key. Keys come ascending; one may come several times.
    void add(byte[] key, int offset, int length);

    /// True if the keys of another encoder of its kind can be appended.
    default boolean isJoinable() {
        return false;
    }

    /// Takes over the keys of `next`, of its own kind, which come behind those here. Only where
    /// [#isJoinable].
    default void append(FilterEncoder next) {
        throw new UnsupportedOperationException("a filter that is not joinable");
    }

    /// How many bytes the filter will take.
    long sizeBytes();

    /// The filter's payload.
    Bytes finish();
}
