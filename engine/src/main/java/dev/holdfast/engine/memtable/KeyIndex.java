package dev.holdfast.engine.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The newest node of each key of a skip list, by a hash of the key: slots in a row, of which a key
/// has one of those behind the one that its hash says.
///
/// Invariants:
/// 1. A node that is found is the newest of its key that was put.
/// 2. What was put before a reader came is found, or else the index says that it is not whole:
///    where too many keys want the same slots, or it may grow no more, some are left out. From then
///    on so is every key that was not there.
///
/// One writer; any number of readers, without locks. Slots are released by the writer and acquired
/// by readers.
final class KeyIndex {
    static final int NONE = TowerArena.HEAD;
    static final int NO_SLOT = -1;

    /// What it takes for each of its keys at most: at most four slots, as it doubles when it is
    /// half full.
    static final int BYTES_OF_A_KEY = 4 * Long.BYTES;

    private static final long BYTES_MAX = 64L << 20;
    private static final int SLOTS_FIRST = 1 << 6; // a power of two
    private static final int SLOTS_MAX = (int) (BYTES_MAX / Long.BYTES);
    private static final int PROBES_MAX =
            256; // rows of taken slots grow with all of them: 70 of a million
    private static final long PRIME = 0x9E3779B97F4A7C15L;
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// Tells whether a node is of the key that is looked for.
    @FunctionalInterface
    interface SameKey {
        boolean isOf(int node, byte[] key, int from, int to);
    }

    private final SameKey sameKey;
    private final Runnable beforeGaps;
    private volatile long[] slots = new long[SLOTS_FIRST]; // hash and node; 0 if it is free
    private volatile boolean isWhole = true;
    private int used; // the writer's own

    /// @param beforeGaps is run before any key is left out, by the writer
    KeyIndex(SameKey sameKey, Runnable beforeGaps) {
        this.sameKey = sameKey;
        this.beforeGaps = beforeGaps;
    }

    /// A hash of the key between two offsets.
    static int hash(byte[] key, int from, int to) {
        long hash = (to - from) * PRIME;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) hash = mix(hash ^ (long) LONG.get(key, at));
        long rest = 0;
        for (; at < to; at++) rest = rest << Byte.SIZE | (key[at] & 0xFF);
        return (int) (mix(hash ^ rest) >>> Integer.SIZE);
    }

    private static long mix(long value) {
        return value * PRIME ^ Math.multiplyHigh(value, PRIME);
    }

    /// True if a key that is not found is in no node that was put.
    boolean isWhole() {
        return isWhole;
    }

    /// Bytes that it takes at most; they rise by [#BYTES_OF_A_KEY] at most with each key.
    long bytes() {
        return (long) used * BYTES_OF_A_KEY;
    }

    /// The node in the first slot for `hash`, likely one of a key with it; [#NONE] if it is free.
    int first(int hash) {
        long[] seen = slots;
        return (int) (long) SLOTS.getAcquire(seen, hash & seen.length - 1);
    }

    /// The newest node of the key between two offsets, whose hash is `hash`; [#NONE] if there is
    /// none here.
    int find(int hash, byte[] key, int from, int to) {
        long[] seen = slots;
        int mask = seen.length - 1;
        for (int probe = 0; probe < PROBES_MAX; probe++) {
            long slot = (long) SLOTS.getAcquire(seen, hash + probe & mask);
            if (slot == 0) return NONE;
            int node = (int) slot;
            if ((int) (slot >>> Integer.SIZE) == hash && sameKey.isOf(node, key, from, to))
                return node;
        }
        return NONE;
    }

    /// The slot of the key between two offsets, whose hash is `hash`, until the next is asked for;
    /// [#NO_SLOT] if it is left out. By the writer.
    int slot(int hash, byte[] key, int from, int to) {
        if (slots.length <= 2 * used && slots.length < SLOTS_MAX) grow();
        int at = place(slots, hash, key, from, to);
        boolean isKnown = at != NO_SLOT && slots[at] != 0;
        if (isKnown || at != NO_SLOT && isWhole) return at;
        leaveOut();
        return NO_SLOT;
    }

    /// The node in a slot; [#NONE] if it is free. By the writer.
    int node(int slot) {
        return (int) slots[slot];
    }

    /// From now on `node`, whose key has the hash `hash` and that slot, is the newest of its key.
    void put(int slot, int hash, int node) {
        if (slots[slot] == 0) used++;
        SLOTS.setRelease(slots, slot, (long) hash << Integer.SIZE | node);
    }

    // Whoever does not find a key any more looks elsewhere: what is there has to be there by then.
    private void leaveOut() {
        if (!isWhole) return;
        beforeGaps.run();
        isWhole = false;
    }

    // Where the key is, or a free slot.
    private int place(long[] in, int hash, byte @Nullable [] key, int from, int to) {
        int mask = in.length - 1;
        for (int probe = 0; probe < PROBES_MAX; probe++) {
            int at = hash + probe & mask;
            long slot = in[at];
            boolean isHere =
                    slot == 0
                            || key != null
                                    && (int) (slot >>> Integer.SIZE) == hash
                                    && sameKey.isOf((int) slot, key, from, to);
            if (isHere) return at;
        }
        return NO_SLOT;
    }

    // Readers go on with what there was: nothing that they have to see is missing there.
    private void grow() {
        long[] old = slots;
        var grown = new long[2 * old.length];
        int lost = 0;
        for (long slot : old) {
            if (slot == 0) continue;
            int at = place(grown, (int) (slot >>> Integer.SIZE), null, 0, 0);
            if (at == NO_SLOT) lost++;
            else grown[at] = slot;
        }
        if (0 < lost) leaveOut();
        used -= lost;
        slots = grown;
    }
}
