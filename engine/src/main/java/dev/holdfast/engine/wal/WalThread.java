package dev.holdfast.engine.wal;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.wal.WalDecoder;
import dev.holdfast.format.wire.FormatException;

/// The thread of commits through log objects that are looked at one after another: whether one
/// follows on those before and on the tables of a manifest.
///
/// A writer with a local log puts no commits that published tables hold, so an object may lie
/// behind tables that only a newer manifest names. Not thread-safe.
public final class WalThread {
    private final Sealing sealing;
    private long lastSeq;

    /// @param lastFlushedSeq the last commit in tables
    public WalThread(long lastFlushedSeq, Sealing sealing) {
        this.sealing = sealing;
        lastSeq = lastFlushedSeq;
    }

    /// True if nothing is missing between what came before and `object`, which counts as come
    /// before then.
    public boolean holdsThrough(String name, Bytes object) {
        try {
            return switch (WalDecoder.decode(object, sealing.log())) {
                case WalDecoder.Fence _ -> true;
                case WalDecoder.Rows rows ->
                        rows.firstSeq() <= lastSeq + 1 && hasMovedOn(rows.rows());
            };
        } catch (FormatException wrong) {
            throw new CorruptData(wrong.getMessage() + ". object=`" + name + "`", wrong);
        }
    }

    private boolean hasMovedOn(RowCursor rows) {
        while (rows.next()) lastSeq = Math.max(lastSeq, rows.seq());
        return true;
    }
}
