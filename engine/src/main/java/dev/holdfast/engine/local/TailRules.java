package dev.holdfast.engine.local;

import dev.holdfast.base.Bytes;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What whoever knows the meaning of rows says about the replay of a tail.
@FunctionalInterface
public interface TailRules {
    /// What may become of the rows of `tail`. Throws `Invalid` if nothing of it may be written to
    /// the database as it is now.
    Plan plan(Rows tail);

    /// Every row is like any other.
    static TailRules none() {
        return _ -> _ -> false;
    }

    /// What may become of the rows of one tail.
    @FunctionalInterface
    interface Plan {
        /// True if `key` is never written, whatever the database holds.
        boolean leavesOut(Bytes key);

        /// What `key` is a part of: where somebody has touched one part, the whole is touched.
        default Bytes wholeOf(Bytes key) {
            return key;
        }

        /// True if what somebody has touched of `whole` may be written over by who says so.
        default boolean mayOverwrite(Bytes whole) {
            return true;
        }

        /// Rows that are written first, whatever the database holds.
        default Map<Bytes, Bytes> first() {
            return Map.of();
        }
    }

    /// The last row of each key of a tail.
    interface Rows {
        /// All keys that the tail has written or removed.
        Set<Bytes> keys();

        /// The last value of `key`; null if the tail removed it last, or does not have it.
        @Nullable Bytes last(Bytes key);
    }
}
