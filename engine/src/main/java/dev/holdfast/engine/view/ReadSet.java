package dev.holdfast.engine.view;

import dev.holdfast.base.Bytes;
import java.util.Arrays;

/// What was read through one view: how new, and which keys.
///
/// Thread-safe. A command that reads the same few keys again and again makes the list grow, so it
/// is bounded: beyond [#KEYS_MAX] it says that any key may have been read.
public final class ReadSet implements ReadWitness {
    /// How many reads are remembered one by one.
    public static final int KEYS_MAX = 1 << 16;

    private final long seq;
    private long observedSeq;
    private long latelySeq;
    private long[] hashes = new long[4];
    private int count;
    private boolean isOverfull;

    /// Nothing read yet of the state as of `seq`.
    public ReadSet(long seq) {
        this.seq = seq;
    }

    /// The last commit that the view shows.
    public long seq() {
        return seq;
    }

    @Override
    public synchronized void observe(long seq) {
        latelySeq = Math.max(latelySeq, seq);
        observedSeq = Math.max(observedSeq, seq);
    }

    @Override
    public void addKey(Bytes key) {
        addHash(KeyHash.of(key.array(), key.offset(), key.length()));
    }

    private synchronized void addHash(long hash) {
        if (count == KEYS_MAX) {
            isOverfull = true;
            return;
        }
        if (count == hashes.length) hashes = Arrays.copyOf(hashes, 2 * count);
        hashes[count++] = hash;
    }

    /// The highest sequence number that a read depended on; 0 if none.
    public synchronized long observedSeq() {
        return observedSeq;
    }

    /// The same of the reads since this was asked last.
    public synchronized long takeLatelySeq() {
        long taken = latelySeq;
        latelySeq = 0;
        return taken;
    }

    /// The hashes ([KeyHash]) of the keys that were read.
    public synchronized long[] keyHashes() {
        return Arrays.copyOf(hashes, count);
    }

    /// True if so many keys were read that [#keyHashes] lacks some: take any key for read.
    public synchronized boolean isOverfull() {
        return isOverfull;
    }
}
