package dev.holdfast.engine.write;

import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.view.KeyHash;
import dev.holdfast.engine.view.ReadSet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The last commit of every key, by the hash of the key: 65,536 numbers instead of one per key.
///
/// Invariant: the number of a key's stripe is never lower than that of the key's last commit since
/// the database was opened. So a change is never missed; two keys of one stripe may be taken for
/// each other.
///
/// They are kept from the first view on, and only then: most databases of many never check
/// anything. What was committed before counts as newer than any view that could still ask.
///
/// Not thread-safe: used inside the commit order, but for [#keep].
final class ConflictStripes {
    private static final int BITS = 16;

    private volatile boolean isAsked;
    private long @Nullable [] lastSeqs;
    private long newest;

    /// Somebody is about to take a view. Thread-safe.
    void keep() {
        if (!isAsked) isAsked = true;
    }

    /// Remembers that every key of `batch` was committed at `seq`.
    void committed(BatchCursor batch, long seq) {
        newest = seq;
        if (!isAsked) return;
        long[] seqs = lastSeqs == null ? begin(seq - 1) : lastSeqs;
        while (batch.next())
            seqs[stripe(KeyHash.of(batch.array(), batch.keyOffset(), batch.keyLength()))] = seq;
    }

    /// Remembers that any key may have been committed at `seq`.
    void committedAny(long seq) {
        newest = seq;
        if (isAsked) begin(seq);
    }

    private long[] begin(long before) {
        var seqs = new long[1 << BITS];
        Arrays.fill(seqs, before);
        lastSeqs = seqs;
        return seqs;
    }

    /// True if a key that was read may have been committed after the state that was read.
    boolean hasChanged(ReadSet basis) {
        if (newest <= basis.seq()) return false;
        long[] seqs = lastSeqs;
        if (basis.isOverfull() || seqs == null) return true;
        for (long hash : basis.keyHashes()) if (basis.seq() < seqs[stripe(hash)]) return true;
        return false;
    }

    private static int stripe(long hash) {
        return (int) (hash >>> Long.SIZE - BITS);
    }
}
