package dev.holdfast.engine.ingest;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Varint;
import dev.holdfast.engine.write.RecentCommits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The keys of an ingest as far as they fit, for transactions that are open when it is committed.
///
/// Not thread-safe.
final class KeyTrail {
    private byte @Nullable [] keys = new byte[64];
    private int end;

    void add(Bytes key) {
        byte[] kept = keys;
        if (kept == null) return;
        int needed = end + Varint.BYTES_MAX + key.length();
        if (RecentCommits.KEYS_BYTES_MAX < needed) {
            keys = null;
            return;
        }
        if (kept.length < needed) kept = Arrays.copyOf(kept, Math.max(needed, 2 * kept.length));
        keys = kept;
        end = Varint.encode(kept, end, key.length());
        key.copyTo(kept, end);
        end += key.length();
    }

    /// All of them, each with its length as a varint before it; null if they were too many.
    byte @Nullable [] all() {
        byte[] kept = keys;
        return kept == null ? null : Arrays.copyOf(kept, end);
    }
}
