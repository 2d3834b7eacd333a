package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import org.jspecify.annotations.Nullable;

/// Tables that lie on this machine, and may not be in the object store: asked before it.
///
/// Thread-safe.
public interface TablesAtHand {
    /// None.
    TablesAtHand NONE =
            new TablesAtHand() {
                @Override
                public @Nullable Bytes read(Ulid id, long offset, int length) {
                    return null;
                }

                @Override
                public long size(Ulid id) {
                    return -1;
                }

                @Override
                public void doubt(Ulid id) {}
            };

    /// `[offset, offset + length)` of the table `id`, or null if the object store has to be asked.
    /// Throws `Unavailable` if it lies here alone and the disk does not give it, `CorruptData` if
    /// it lies here alone and is damaged.
    @Nullable Bytes read(Ulid id, long offset, int length);

    /// How many bytes the table `id` has, or -1 if the object store has to be asked.
    long size(Ulid id);

    /// What came of the table `id` did not check out: see whether it is damaged, and heal it.
    void doubt(Ulid id);
}
