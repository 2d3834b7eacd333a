package dev.holdfast.redis.server;

import dev.holdfast.base.Env;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The life of the server as it shows itself: since when it runs, where it listens, whether it
/// stops. Thread-safe.
public final class ServerState {
    private final Env env;
    private final String runId;
    private final long startedMillis;
    private final long startedNanos;
    private volatile int port;
    private volatile LongSupplier refused = () -> 0;
    private volatile Supplier<Map<String, Object>> surroundings = Map::of;
    private volatile String stopPhase = "";
    private volatile String stopReason = "";

    public ServerState(Env env) {
        this.env = env;
        this.startedMillis = env.currentTimeMillis();
        this.startedNanos = env.nanoTime();
        this.runId =
                String.format(
                                "%016x%016x%08x",
                                env.randomLong(), env.randomLong(), env.randomLong())
                        .substring(0, 40);
    }

    /// It listens on `port`; `refused` counts the connections that were one too many.
    public void listensOn(int port, LongSupplier refused) {
        this.port = port;
        this.refused = refused;
    }

    /// What is known of the life around the server, by the names that INFO shows.
    public void livesIn(Supplier<Map<String, Object>> surroundings) {
        this.surroundings = surroundings;
    }

    Map<String, Object> surroundings() {
        return surroundings.get();
    }

    /// It stops and has come to `phase`.
    public void stops(String phase, String reason) {
        stopReason = reason;
        stopPhase = phase;
    }

    /// The stop was taken back.
    public void resumes() {
        stopPhase = "";
        stopReason = "";
    }

    /// True while it stops.
    public boolean isStopping() {
        return !stopPhase.isEmpty();
    }

    String stopPhase() {
        return stopPhase;
    }

    String stopReason() {
        return stopReason;
    }

    int port() {
        return port;
    }

    long refused() {
        return refused.getAsLong();
    }

    String runId() {
        return runId;
    }

    /// When it started, in seconds since the Unix epoch.
    long startedSeconds() {
        return TimeUnit.MILLISECONDS.toSeconds(startedMillis);
    }

    long uptimeSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(env.nanoTime() - startedNanos);
    }

    long nowMillis() {
        return env.currentTimeMillis();
    }
}
