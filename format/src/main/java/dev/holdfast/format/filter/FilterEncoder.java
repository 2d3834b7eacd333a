package dev.holdfast.format.filter;

import dev.holdfast.base.Bytes;

/// Gathers the keys of one table and writes a filter over them. Not thread-safe.
public interface FilterEncoder {
    /// Adds a key. Keys come ascending; one may come several times.
    void add(byte[] key, int offset, int length);

    /// How many bytes the filter will take.
    long sizeBytes();

    /// The filter's payload.
    Bytes finish();
}
