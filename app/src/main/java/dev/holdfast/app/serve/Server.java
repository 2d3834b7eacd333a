package dev.holdfast.app.serve;

import dev.holdfast.app.admin.AdminServer;
import dev.holdfast.app.admin.Answer;
import dev.holdfast.app.store.CleanStopFile;
import dev.holdfast.app.store.OpenDatabase.Claim;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ScopeView;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.lifecycle.wait.State;
import dev.holdfast.objectstore.api.CachingStore;
import dev.holdfast.objectstore.api.StoreTraffic;
import dev.holdfast.objectstore.local.DirectoryLock;
import dev.holdfast.redis.RedisServer;
import dev.holdfast.redis.StopControl;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A Redis server on a database, with what operators need, wired but not yet started.
///
/// ```
/// redis -> database -> directory-lock -> admin      (requires: they start from the right)
/// ```
public final class Server {
    private final Env env;
    private final DatabaseComponent database;
    private final RedisServer redis;
    private final AdminServer admin;
    private final Scope scope;
    private final LifePage life;
    private final long startMillis;
    private volatile @Nullable ShutdownReport report;

    /// What the server holds of its database before it opens it.
    ///
    /// @param lock of the database's directory, which the server gives back; null if there is none
    /// @param claim what to do about whoever has it
    public record Hold(@Nullable DirectoryLock lock, Claim claim) {}

    /// @param control what the command SHUTDOWN reaches for
    public Server(ServerSettings settings, Hold hold, StopControl control, Env env) {
        this.env = env;
        startMillis = env.currentTimeMillis();
        var previous = PreviousRun.at(settings.data());
        admin = admin(settings.admin());
        DirectoryLock lock = hold.lock;
        var lockComponent = new LockComponent(lock, Set.of(AdminServer.NAME));
        database = new DatabaseComponent(settings, hold.claim, env, Set.of(LockComponent.NAME));
        redis =
                new RedisServer(
                        settings.redis(),
                        env,
                        database::db,
                        new Surroundings(control, previous),
                        Set.of(DatabaseComponent.NAME));
        var builder =
                Scope.builder("holdfast", env)
                        .corruption(thrown -> thrown instanceof StorageException.CorruptData)
                        .add(admin)
                        .add(lockComponent)
                        .add(database)
                        .add(redis);
        if (lock != null) builder.cleanMarker(new CleanStopFile(settings.data()));
        scope = builder.build();
        life = new LifePage(scope, previous);
        scope.observe(seen -> report = seen);
    }

    /// What to start and to stop.
    public Scope scope() {
        return scope;
    }

    /// The port that Redis clients connect to; 0 while it does not listen.
    public int port() {
        return redis.port();
    }

    /// Has `reader` told the port that operators ask, as soon as there is one.
    public void whenAdminListens(IntConsumer reader) {
        admin.whenListening(reader);
    }

    /// The port that operators ask; 0 while it does not listen.
    public int adminPort() {
        return admin.port();
    }

    private AdminServer admin(ServerSettings.AdminAddress address) {
        Map<String, Supplier<Answer>> answers = new LinkedHashMap<>();
        answers.put("/healthz", this::health);
        answers.put("/readyz", this::readiness);
        answers.put("/lifecycle", this::lifecycle);
        answers.put("/metrics", this::metrics);
        answers.put("/tier", this::tier);
        return new AdminServer(
                new InetSocketAddress(address.host(), address.port()), address.ifTaken(), answers);
    }

    private Answer health() {
        State state = scope.state();
        return state == State.FAILED || state == State.ABANDONED
                ? Answer.unavailable(state + "\n")
                : Answer.text("ok\n");
    }

    private Answer readiness() {
        return isReady() ? Answer.text("ready\n") : Answer.unavailable(scope.state() + "\n");
    }

    private boolean isReady() {
        return scope.state() == State.RUNNING && redis.isReady();
    }

    /// How the server stands, as JSON: also while nobody answers on the admin port.
    public String lifeJson() {
        return life.json(isReady() ? "READY" : "NOT_READY", report);
    }

    private Answer lifecycle() {
        return Answer.json(lifeJson());
    }

    private Answer tier() {
        String page = database.tierJson();
        return page == null ? Answer.unavailable("no database is open\n") : Answer.json(page);
    }

    private Answer metrics() {
        var text = new MetricsText();
        text.put(Metric.READY, isReady() ? 1 : 0);
        text.put(Metric.UPTIME, (env.currentTimeMillis() - startMillis) / 1000);
        Runtime jvm = Runtime.getRuntime();
        text.put(Metric.HEAP_USED, jvm.totalMemory() - jvm.freeMemory());
        text.put(Metric.HEAP_MAX, jvm.maxMemory());
        DbStats stats = database.stats();
        if (stats != null) text.add(stats);
        text.add(database.local());
        CachingStore.Figures cache = database.cacheFigures();
        if (cache != null) text.add(cache);
        StoreTraffic traffic = database.traffic();
        if (traffic != null) text.add(traffic);
        return Answer.text(text.toString());
    }

    /// What the Redis side knows of the whole.
    private final class Surroundings implements StopControl {
        private final StopControl control;
        private final PreviousRun previous;

        Surroundings(StopControl control, PreviousRun previous) {
            this.control = control;
            this.previous = previous;
        }

        @Override
        public void stop(Mode mode, String reason) {
            control.stop(mode, reason);
        }

        @Override
        public void stopUnlessRefused(Mode mode, String reason) {
            control.stopUnlessRefused(mode, reason);
        }

        @Override
        public boolean isRefusable() {
            return control.isRefusable();
        }

        @Override
        public boolean refuse(String why) {
            return control.refuse(why);
        }

        @Override
        public boolean resume() {
            return control.resume();
        }

        @Override
        public ScopeView view() {
            return scope.glance();
        }

        @Override
        public @Nullable LastStop lastStop() {
            return previous.end();
        }
    }
}
