package dev.holdfast.format.filter;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import java.util.Arrays;

/// Collects the keys of one table and writes their Bloom filter. Not thread-safe.
public final class BloomFilterEncoder implements FilterEncoder {
    private final int bitsPerKey;
    private long[] hashes = new long[1024];
    private int count;

    public BloomFilterEncoder(int bitsPerKey) {
        require(1 <= bitsPerKey && bitsPerKey <= 64, "bits per key: %d", bitsPerKey);
        this.bitsPerKey = bitsPerKey;
    }

    /// Adds a key; one that comes twice counts twice.
    @Override
    public void add(byte[] key, int offset, int length) {
        if (count == hashes.length) hashes = Arrays.copyOf(hashes, 2 * count);
        hashes[count++] = SipHash.of(key, offset, length);
    }

    @Override
    public boolean isJoinable() {
        return true;
    }

    @Override
    public void append(FilterEncoder next) {
        var other = (BloomFilterEncoder) next;
        int all = Math.addExact(count, other.count);
        if (hashes.length < all) hashes = Arrays.copyOf(hashes, all);
        System.arraycopy(other.hashes, 0, hashes, count, other.count);
        count = all;
    }

    @Override
    public long sizeBytes() {
        return Short.BYTES + (Math.max(1, (long) count * bitsPerKey) + 7) / 8;
    }

    @Override
    public Bytes finish() {
        return BloomFilter.encode(hashes, count, bitsPerKey);
    }
}
