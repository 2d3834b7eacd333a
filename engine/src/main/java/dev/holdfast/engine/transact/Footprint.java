package dev.holdfast.engine.transact;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.write.CommitTerms;
import dev.holdfast.engine.write.RecentCommits.Link;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one transaction has read and written, held against what others have committed since.
///
/// Walks the chain of recent commits, each link once: most of it before the commit order is joined,
/// the last links inside. Used by one thread at a time.
final class Footprint implements CommitTerms {
    private static final String OUTRUN =
            "too much was committed since the transaction began. basis=`%d`";

    private final Lease lease;
    private final long basis;
    private final TrackedReads reads;
    private final KeyHashes writes = new KeyHashes();
    private final Set<Bytes> untold;
    private @Nullable Link at;
    private @Nullable String lost; // to whom

    /// @param basis the last commit that the transaction saw
    /// @param untold keys whose writing concerns nobody
    Footprint(Lease lease, long basis, TrackedReads reads, Set<Bytes> untold) {
        this.lease = lease;
        this.basis = basis;
        this.reads = reads;
        this.untold = untold;
        at = lease.began();
    }

    /// The transaction writes `key`.
    void addWrite(Bytes key) {
        if (!untold.contains(key)) writes.add(key);
    }

    @Override
    public void lookAhead() {
        Link link = at;
        while (link != null && lost == null) {
            at = link;
            Link next = link.next();
            if (next != null && basis < link.seq() && link.any(this::touches))
                lost =
                        "a key was written since the transaction began. basis=`%d`, written=`%d`"
                                .formatted(basis, link.seq());
            link = next;
        }
    }

    // A lease that has ended is no audience: what was committed since may be missing in the chain.
    @Override
    public void require() {
        if (lease.end() != null) throw lease.expired();
        if (lease.began() == null) lost = OUTRUN.formatted(basis);
        lookAhead();
        if (lost != null) throw new Conflict(lost);
    }

    private boolean touches(byte[] array, int offset, int length) {
        return writes.contains(array, offset, length) || reads.contains(array, offset, length);
    }

    @Override
    public boolean isUntold(byte[] array, int offset, int length) {
        return !untold.isEmpty() && untold.contains(Bytes.wrap(array, offset, length));
    }
}
