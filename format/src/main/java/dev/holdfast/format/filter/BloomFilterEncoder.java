package dev.holdfast.format.filter;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import java.util.Arrays;

/// Collects the keys of one table and writes their filter. Not thread-safe.
public final class BloomFilterEncoder {
    private final int bitsPerKey;
    private long[] hashes = new long[1024];
    private int count;

    public BloomFilterEncoder(int bitsPerKey) {
        require(1 <= bitsPerKey && bitsPerKey <= 64, "bits per key: %d", bitsPerKey);
        this.bitsPerKey = bitsPerKey;
    }

    /// Adds a key; one that comes twice counts twice.
    public void add(byte[] key, int offset, int length) {
        if (count == hashes.length) hashes = Arrays.copyOf(hashes, 2 * count);
        hashes[count++] = SipHash.of(key, offset, length);
    }

    /// How many bytes the filter will take.
    public long sizeBytes() {
        return Short.BYTES + ((long) count * bitsPerKey + 7) / 8;
    }

    /// The payload of the filter section in the legacy form.
    public Bytes finish() {
        return BloomFilter.encode(hashes, count, bitsPerKey);
    }

    /// The same in the composite form, as its only part.
    public Bytes finishComposite() {
        return BloomFilter.composite(finish());
    }
}
