package dev.holdfast.engine.local;

import dev.holdfast.base.Bytes;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What whoever knows the meaning of rows says about the replay of a tail.
@FunctionalInterface
public interface TailRules {
    /// Which keys of `tail` are never written, whatever the database holds. Throws `Invalid` if
    /// nothing of the tail may be written to the database as it is now.
    Predicate<Bytes> leftOut(Rows tail);

    /// Every row is like any other.
    static TailRules none() {
        return _ -> _ -> false;
    }

    /// The last row of each key of a tail.
    interface Rows {
        /// All keys that the tail has written or removed.
        Set<Bytes> keys();

        /// The last value of `key`; null if the tail removed it last, or does not have it.
        @Nullable Bytes last(Bytes key);
    }
}
