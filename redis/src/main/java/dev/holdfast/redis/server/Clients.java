package dev.holdfast.redis.server;

import dev.holdfast.redis.command.Session;
import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The sessions that are open, by their numbers. Thread-safe.
public final class Clients {
    private final ConcurrentSkipListMap<Long, Session> open = new ConcurrentSkipListMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /// A number for a new session.
    public long nextId() {
        return numbers.incrementAndGet();
    }

    /// Notes that a session is open.
    public void add(Session session) {
        open.put(session.id(), session);
    }

    /// Notes that a session has ended.
    public void remove(Session session) {
        open.remove(session.id());
    }

    /// All that are open, the oldest first, as they come and go.
    public Collection<Session> all() {
        return open.values();
    }

    /// The one with the number `id`; null if it is not open.
    public @Nullable Session byId(long id) {
        return open.get(id);
    }

    /// How many are open.
    public int count() {
        return open.size();
    }
}
