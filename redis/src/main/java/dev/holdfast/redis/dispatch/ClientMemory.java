package dev.holdfast.redis.dispatch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What all connections together hold in requests that have not come whole and replies that are not
/// taken, and the bound of it. Thread-safe.
///
/// Invariant: once more is held than the bound, the connection that holds most is cut off, unless
/// its client asked to be spared.
final class ClientMemory {
    private static final long IGNORED_BYTES_MAX = 64 * 1024;

    private final long bytesMax;
    private final AtomicLong total = new AtomicLong();
    private final Map<Connection, Long> held = new ConcurrentHashMap<>();

    ClientMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Notes that `connection` holds `bytes` now. Small amounts count as none.
    void holds(Connection connection, long bytes) {
        if (bytes <= IGNORED_BYTES_MAX) {
            if (held.containsKey(connection)) forget(connection);
            return;
        }
        Long before = held.put(connection, bytes);
        long now = total.addAndGet(bytes - (before == null ? 0 : before));
        if (now <= bytesMax) return;
        Connection largest = largest();
        if (largest != null) largest.evict();
    }

    /// Notes that `connection` holds nothing any more.
    void forget(Connection connection) {
        Long before = held.remove(connection);
        if (before != null) total.addAndGet(-before);
    }

    /// How many bytes are held.
    long total() {
        return total.get();
    }

    private @Nullable Connection largest() {
        Connection largest = null;
        long most = 0;
        for (Map.Entry<Connection, Long> entry : held.entrySet()) {
            if (entry.getValue() <= most || !entry.getKey().session().isEvictable()) continue;
            largest = entry.getKey();
            most = entry.getValue();
        }
        return largest;
    }
}
