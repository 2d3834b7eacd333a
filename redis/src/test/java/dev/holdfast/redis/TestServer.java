package dev.holdfast.redis;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Resumption;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ScopeView;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.redis.fake.FakeDb;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/// A server on a free port over a database in memory.
final class TestServer implements AutoCloseable {
    final FakeDb db;
    final RedisServer redis;
    final AtomicReference<String> stopAsked = new AtomicReference<>("");
    private final Scope scope;

    TestServer() throws Exception {
        this(RedisOptions.defaults());
    }

    TestServer(RedisOptions options) throws Exception {
        this(options, new FakeDb());
    }

    TestServer(FakeDb db) throws Exception {
        this(RedisOptions.defaults(), db);
    }

    private TestServer(RedisOptions options, FakeDb db) throws Exception {
        this.db = db;
        RedisOptions placed = options.port() < 0 ? options : options.at("127.0.0.1", 0);
        redis = new RedisServer(placed, Env.system(), () -> db, new Asked(), Set.of());
        scope = Scope.builder("test", Env.system()).add(redis).build();
        scope.start();
    }

    int port() {
        return redis.port();
    }

    ShutdownReport stop(Duration budget) throws InterruptedException {
        return scope.stop(Mode.SMART, budget, "test");
    }

    Resumption resume() throws InterruptedException {
        return scope.resume("test");
    }

    ShutdownReport stopUnchecked(Duration budget) {
        try {
            return stop(budget);
        } catch (InterruptedException cut) {
            throw new AssertionError(cut);
        }
    }

    @Override
    public void close() {
        try {
            stop(Duration.ofSeconds(10));
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }

    /// Notes what SHUTDOWN asked for.
    private final class Asked implements StopControl {
        @Override
        public void stop(Mode mode, String reason) {
            stopAsked.set(mode + " " + reason);
        }

        @Override
        public boolean resume() {
            return !stopAsked.getAndSet("").isEmpty();
        }

        @Override
        public ScopeView view() {
            return scope.glance();
        }

        @Override
        public LastStop lastStop() {
            return new LastStop(20, 71, Proof.NONE);
        }
    }
}
