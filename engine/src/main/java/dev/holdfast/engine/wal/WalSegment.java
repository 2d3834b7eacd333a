package dev.holdfast.engine.wal;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.format.sst.EncodedSst;
import dev.holdfast.format.wal.WalEncoder;
import java.util.List;

/// The rows of consecutive commits that will be one log object.
///
/// Not thread-safe: filled under the log's guard, then encoded and put by the log's one task.
final class WalSegment {
    private final WalEncoder encoder;
    private long encodedBytes;

    WalSegment(WalEncoder encoder) {
        this.encoder = encoder;
    }

    void add(BatchCursor batch, long seq, long createdAtMillis) {
        var rows = new BatchRows(batch, seq, createdAtMillis);
        while (rows.next()) encoder.append(rows);
    }

    /// About how large the object would be now.
    long bytes() {
        return encoder.sizeBytes();
    }

    long lastSeq() {
        return encoder.lastSeq();
    }

    /// Ends the object: nothing is added afterwards.
    List<Bytes> encode() {
        EncodedSst encoded = encoder.finish();
        encodedBytes = encoded.size();
        encoder.close();
        return encoded.chunks();
    }

    /// How large the object is; 0 before it was encoded.
    long encodedBytes() {
        return encodedBytes;
    }
}
