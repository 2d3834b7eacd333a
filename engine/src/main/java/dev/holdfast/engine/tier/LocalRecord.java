package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.format.local.RecordHead;
import dev.holdfast.format.local.RecordRows;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.wire.FormatException;
import java.util.List;

/// One commit of the local log.
///
/// @param rows of its batch, as they are encoded
public record LocalRecord(long seq, long createdAtMillis, Bytes rows) {
    /// Stands before the first of its rows.
    public BatchCursor cursor() {
        return BatchCursor.over(rows);
    }

    /// The same with its rows sealed. A commit has one number and one content in a life, so that no
    /// number seals two contents.
    LocalRecord sealedBy(SectionSeal seal) {
        int around = seal.headBytes() + seal.tailBytes();
        if (around == 0) return this;
        byte[] sealed = new byte[rows.length() + around];
        rows.copyTo(sealed, seal.headBytes());
        seal.seal(sealed, 0, seal.headBytes() + rows.length(), seq);
        return new LocalRecord(seq, createdAtMillis, Bytes.wrap(sealed));
    }

    /// The same with its rows opened. Throws `CorruptData` where whoever has the key did not seal
    /// them: that is not the torn end of a log.
    LocalRecord openedBy(SectionSeal seal) {
        try {
            Bytes opened = seal.open(rows, seq);
            RecordRows.count(opened);
            return new LocalRecord(seq, createdAtMillis, opened);
        } catch (FormatException wrong) {
            throw new CorruptData(
                    wrong.getMessage() + ". commit of the local log=`" + seq + "`", wrong);
        }
    }

    /// How many bytes it takes in a segment.
    long bytes() {
        return RecordHead.spaceFor(rows.length());
    }

    /// How many bytes all of `group` take.
    static long bytes(List<LocalRecord> group) {
        long bytes = 0;
        for (LocalRecord each : group) bytes += each.bytes();
        return bytes;
    }
}
