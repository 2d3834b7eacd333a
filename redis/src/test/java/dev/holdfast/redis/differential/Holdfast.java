package dev.holdfast.redis.differential;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.redis.RedisOptions;
import dev.holdfast.redis.RedisServer;
import dev.holdfast.redis.StopControl;
import dev.holdfast.redis.keyspace.Home;
import java.time.Duration;
import java.util.Set;

/// This server on a free port, for as long as a test runs.
final class Holdfast implements AutoCloseable {
    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    private final Home home;
    private final RedisServer redis;
    private final Scope scope;

    private Holdfast(Home home, RedisServer redis, Scope scope) {
        this.home = home;
        this.redis = redis;
        this.scope = scope;
    }

    static Holdfast start(Home.Kind kind) throws Exception {
        return start(kind.build());
    }

    /// On a home that is closed with it.
    static Holdfast start(Home home) throws Exception {
        RedisOptions options =
                RedisOptions.defaults().at("127.0.0.1", 0).withDurability(Durability.MEMORY);
        var redis = new RedisServer(options, Env.system(), home::db, new NoStop(), Set.of());
        Scope scope = Scope.builder("differential", Env.system()).add(redis).build();
        scope.start();
        return new Holdfast(home, redis, scope);
    }

    int port() {
        return redis.port();
    }

    @Override
    public void close() {
        try {
            scope.stop(Mode.SMART, STOP_MAX, "test");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        home.close();
    }

    private static final class NoStop implements StopControl {
        @Override
        public void stop(Mode mode, String reason) {}

        @Override
        public boolean resume() {
            return false;
        }
    }
}
