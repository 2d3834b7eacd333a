package dev.holdfast.redis.pubsub;

import dev.holdfast.redis.command.Session;

/// What becomes of a client that takes its messages too slowly.
@FunctionalInterface
public interface SlowSubscribers {
    /// Looks at `session`, for which `waitingBytes` of messages wait, and cuts it off if that is
    /// too much. Must not wait.
    void check(Session session, long waitingBytes);
}
