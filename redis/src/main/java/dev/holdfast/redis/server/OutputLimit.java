package dev.holdfast.redis.server;

import dev.holdfast.base.Env;
import dev.holdfast.redis.command.Session;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The limit of what may wait for a client that has subscribed: at once too much, or for too long
/// too much, and it is cut off. Thread-safe.
public final class OutputLimit {
    private final ServerConfig config;
    private final Env env;
    private final Map<Session, Long> overSoftSince = new ConcurrentHashMap<>();

    public OutputLimit(ServerConfig config, Env env) {
        this.config = config;
        this.env = env;
    }

    /// Looks at `session`, for which `waitingBytes` of messages wait. Does not wait.
    public void check(Session session, long waitingBytes) {
        OutputLimits.Limit limit = config.outputLimits().pubsub();
        if (limit.isOverSoft(waitingBytes)) {
            long now = env.nanoTime();
            Long since = overSoftSince.putIfAbsent(session, now);
            long over = since == null ? 0 : TimeUnit.NANOSECONDS.toSeconds(now - since);
            if (!limit.isOverHard(waitingBytes) && over <= limit.softSeconds()) return;
            session.peer().kill();
        } else if (!limit.isOverHard(waitingBytes)) {
            if (!overSoftSince.isEmpty()) overSoftSince.remove(session);
            return;
        } else session.peer().kill();
        overSoftSince.remove(session);
    }
}
