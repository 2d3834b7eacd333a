package dev.holdfast.engine.wal;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.format.sst.EncodedSst;
import dev.holdfast.format.wal.WalEncoder;
import java.util.List;

/// The rows of consecutive commits that will be one log object.
///
/// Not thread-safe: filled under the log's guard, then encoded and put by the log's one task.
final class WalSegment {
    private final WalEncoder encoder;
    private final long bytesEmpty;
    private final Deadline due;
    private long firstSeq;
    private long bytesBooked;
    private boolean isEncoded;
    private long encodedBytes;

    /// @param due when it is to be put though nobody waits for it
    WalSegment(WalEncoder encoder, Deadline due) {
        this.encoder = encoder;
        this.due = due;
        bytesEmpty = encoder.sizeBytes();
    }

    void add(BatchCursor batch, long seq, long createdAtMillis) {
        if (firstSeq == 0) firstSeq = seq;
        var rows = new BatchRows(batch, seq, createdAtMillis);
        while (rows.next()) encoder.append(rows);
    }

    /// About how large the object would be now.
    long bytes() {
        return encoder.sizeBytes();
    }

    Deadline due() {
        return due;
    }

    long firstSeq() {
        return firstSeq;
    }

    long lastSeq() {
        return encoder.lastSeq();
    }

    /// Ends the object: nothing is added afterwards.
    List<Bytes> encode() {
        bytesBooked = bytesBooked();
        isEncoded = true;
        EncodedSst encoded = encoder.finish();
        encodedBytes = encoded.size();
        encoder.close();
        return encoded.chunks();
    }

    /// It is not put: its commits are in the store by other means.
    void drop() {
        bytesBooked = bytesBooked();
        isEncoded = true;
        encoder.close();
    }

    /// By how much it has grown since it was empty.
    long bytesBooked() {
        return isEncoded ? bytesBooked : encoder.sizeBytes() - bytesEmpty;
    }

    /// How large the object is; 0 before it was encoded.
    long encodedBytes() {
        return encodedBytes;
    }
}
