package dev.holdfast.engine.read;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;

/// What a key must be.
public final class KeyRules {
    private KeyRules() {}

    /// Throws `Invalid` for a key that no row can have.
    public static void require(Bytes key) {
        if (key.isEmpty() || WriteBatch.KEY_BYTES_MAX < key.length())
            throw new Invalid(
                    "key length out of range. length=`%d`, max=`%d`"
                            .formatted(key.length(), WriteBatch.KEY_BYTES_MAX),
                    null);
    }
}
