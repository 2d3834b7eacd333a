package dev.holdfast.engine.tier;

import dev.holdfast.base.Ulid;
import dev.holdfast.engine.manifest.FlushedRows;
import dev.holdfast.format.local.TableRecord;
import dev.holdfast.format.manifest.SstHandle;

/// A table that is durable on the local disk, and that no published manifest is known to name.
///
/// @param record what the list of local tables says of it
/// @param handle what a manifest will say of it
public record LocalTable(TableRecord record, SstHandle handle) {
    /// Names its file, and its object later.
    public Ulid id() {
        return record.id();
    }

    /// The last commit in it.
    public long lastSeq() {
        return record.lastSeq();
    }

    /// How many bytes its file has.
    public long sizeBytes() {
        return record.size();
    }

    /// What a manifest will say of its rows.
    public FlushedRows rows() {
        return new FlushedRows(
                record.lastSeq(),
                record.lastTickMillis(),
                record.snapshotMinSeq(),
                record.madeAtMillis());
    }
}
