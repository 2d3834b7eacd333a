package dev.holdfast.engine.api;

import dev.holdfast.base.Bytes;
import org.jspecify.annotations.Nullable;

/// What can be asked of a database.
///
/// Failures are [StorageException]s: `Invalid` for an empty key or one over 65535 bytes, `Closed`
/// after close, `Unavailable` where the store did not answer, `CorruptData` where stored bytes are
/// wrong.
public interface Reads {
    /// The value of `key`, or null if there is none.
    @Nullable Bytes get(Bytes key);

    /// The pairs of `range` in `order`.
    Scan scan(KeyRange range, Order order);

    /// The pairs of `range`, least key first.
    default Scan scan(KeyRange range) {
        return scan(range, Order.ASCENDING);
    }
}
