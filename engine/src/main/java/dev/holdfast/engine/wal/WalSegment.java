package dev.holdfast.engine.wal;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.format.sst.EncodedSst;
import dev.holdfast.format.wal.WalEncoder;
import java.util.List;
import java.util.function.Supplier;

/// The rows of consecutive commits that will be one log object.
///
/// A commit is copied as it is: it is encoded by the log's task, not in the commit order, and not
/// at all if tables have it first.
///
/// Not thread-safe: filled under the log's guard, then encoded and put by the log's one task.
final class WalSegment {
    private static final int ROW_HEAD_BYTES = 20; // of a short row in an object, about

    private final Supplier<WalEncoder> encoders;
    private final Deadline due;
    private final PackedCommits commits = new PackedCommits();
    private long firstSeq;
    private long lastSeq;
    private long bytes;
    private long encodedBytes;

    /// @param encoders make the one that it is encoded with, if it is
    /// @param due when it is to be put though nobody waits for it
    WalSegment(Supplier<WalEncoder> encoders, Deadline due) {
        this.encoders = encoders;
        this.due = due;
    }

    void add(BatchCursor batch, long seq, long createdAtMillis) {
        if (firstSeq == 0) firstSeq = seq;
        lastSeq = seq;
        commits.add(batch.encoded(), seq, createdAtMillis);
        while (batch.next()) bytes += ROW_HEAD_BYTES + batch.keyLength() + batch.valueLength();
    }

    /// About how large the object would be now, if it were not compressed; as much memory it takes.
    long bytes() {
        return bytes;
    }

    Deadline due() {
        return due;
    }

    long firstSeq() {
        return firstSeq;
    }

    long lastSeq() {
        return lastSeq;
    }

    /// Ends the object: nothing is added afterwards. Once.
    List<Bytes> encode() {
        try (WalEncoder encoder = encoders.get()) {
            commits.drainTo((rows, seq, createdAtMillis) -> {
                var each = new BatchRows(BatchCursor.over(rows), seq, createdAtMillis);
                while (each.next()) encoder.append(each);
            });
            EncodedSst encoded = encoder.finish();
            encodedBytes = encoded.size();
            return encoded.chunks();
        }
    }

    /// It is not put: its commits are in the store by other means.
    void drop() {
        commits.clear();
    }

    /// How large the object is; 0 before it was encoded.
    long encodedBytes() {
        return encodedBytes;
    }
}
