package dev.holdfast.engine.transact;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.view.KeyHash;
import java.util.Arrays;

/// A set of keys, by their hashes: a key that is in it is always found, one that is not is found
/// once in 2^64. Not thread-safe.
final class KeyHashes {
    private static final int SLOTS_FIRST = 8; // a power of two

    private long[] slots = new long[SLOTS_FIRST]; // 0: free
    private int count;
    private boolean hasZero;

    /// Adds `key`.
    void add(Bytes key) {
        long hash = KeyHash.of(key.array(), key.offset(), key.length());
        if (hash == 0) hasZero = true;
        else if (put(slots, hash) && slots.length < 2 * ++count) grow();
    }

    /// True if `key` was added.
    boolean contains(Bytes key) {
        return contains(key.array(), key.offset(), key.length());
    }

    /// True if the key of `length` bytes at `offset` of `array` was added.
    boolean contains(byte[] array, int offset, int length) {
        if (count == 0 && !hasZero) return false;
        long hash = KeyHash.of(array, offset, length);
        if (hash == 0) return hasZero;
        int mask = slots.length - 1;
        for (int at = (int) hash & mask; slots[at] != 0; at = at + 1 & mask)
            if (slots[at] == hash) return true;
        return false;
    }

    /// How many there are.
    int count() {
        return hasZero ? count + 1 : count;
    }

    private static boolean put(long[] slots, long hash) {
        int mask = slots.length - 1;
        int at = (int) hash & mask;
        while (slots[at] != 0) {
            if (slots[at] == hash) return false;
            at = at + 1 & mask;
        }
        slots[at] = hash;
        return true;
    }

    private void grow() {
        var wider = new long[2 * slots.length];
        Arrays.stream(slots).filter(hash -> hash != 0).forEach(hash -> put(wider, hash));
        slots = wider;
    }
}
