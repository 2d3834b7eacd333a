package dev.holdfast.redis.command;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What a client is to be told without having asked, in the order in which it came about.
///
/// Whoever has something to tell adds it and never waits; the connection's own thread takes it.
/// Bounded by those who add: they cut off a client that holds too much. Thread-safe.
public final class Outbox {
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private volatile long bytes;
    private volatile boolean isEmpty = true;

    /// Something to tell.
    ///
    /// @param seq must be durable before it is told
    /// @param bytes about how much it takes
    public record Message(Reply reply, long seq, long bytes) {}

    /// What becomes of a client for which too much waits.
    @FunctionalInterface
    public interface Limit {
        /// Looks at `session`, for which `waitingBytes` wait, and cuts it off if that is too much.
        /// Must not wait.
        void check(Session session, long waitingBytes);
    }

    /// Adds `message` behind the others, and returns how many bytes wait then.
    public synchronized long add(Message message) {
        messages.add(message);
        bytes += message.bytes;
        isEmpty = false;
        return bytes;
    }

    /// Takes the oldest message; null if there is none.
    public @Nullable Message poll() {
        if (isEmpty) return null;
        synchronized (this) {
            Message first = messages.poll();
            if (first != null) bytes -= first.bytes;
            isEmpty = messages.isEmpty();
            return first;
        }
    }

    /// True if nothing waits.
    public boolean isEmpty() {
        return isEmpty;
    }

    /// How many bytes wait.
    public long bytes() {
        return bytes;
    }
}
