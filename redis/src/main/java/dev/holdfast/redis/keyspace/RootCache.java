package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import org.jspecify.annotations.Nullable;

/// The root row that was decoded last, since it hardly ever changes and every run needs it.
///
/// Thread-safe. Compares bytes, so it cannot be out of date.
final class RootCache {
    private volatile @Nullable Known known;

    /// A root, and the hash that its seed makes.
    record Known(Bytes encoded, Root root, KeyHash hash) {}

    Known decode(Bytes encoded) {
        Known last = known;
        if (last != null && last.encoded.equals(encoded)) return last;
        Root root = Root.decode(encoded);
        Known next = new Known(encoded, root, new KeyHash(root.seed()));
        known = next;
        return next;
    }
}
