package dev.holdfast.engine.write;

import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.view.KeyHash;
import dev.holdfast.engine.view.ReadSet;

/// The last commit of every key, by the hash of the key: 65,536 numbers instead of one per key.
///
/// Invariant: the number of a key's stripe is never lower than that of the key's last commit since
/// the database was opened. So a change is never missed; two keys of one stripe may be taken for
/// each other.
///
/// Not thread-safe: used inside the commit order.
final class ConflictStripes {
    private static final int BITS = 16;

    private final long[] lastSeqs = new long[1 << BITS];
    private long newest;

    /// Remembers that every key of `batch` was committed at `seq`.
    void committed(BatchCursor batch, long seq) {
        while (batch.next())
            lastSeqs[stripe(KeyHash.of(batch.array(), batch.keyOffset(), batch.keyLength()))] = seq;
        newest = seq;
    }

    /// True if a key that was read may have been committed after the state that was read.
    boolean hasChanged(ReadSet basis) {
        if (newest <= basis.seq()) return false;
        if (basis.isOverfull()) return true;
        for (long hash : basis.keyHashes()) if (basis.seq() < lastSeqs[stripe(hash)]) return true;
        return false;
    }

    private static int stripe(long hash) {
        return (int) (hash >>> Long.SIZE - BITS);
    }
}
