package dev.holdfast.app.serve;

import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.Watermarks;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.objectstore.api.CachingStore;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.StoreTraffic;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The database and its store, as a component: what was committed is in tables and in the manifest
/// when PERSIST is over, so that the next opening replays nothing.
final class DatabaseComponent implements Component {
    static final String NAME = "database";

    private static final System.Logger LOG = System.getLogger(DatabaseComponent.class.getName());

    private final DatabaseLocation location;
    private final Settings settings;
    private final Durability answersWaitFor;
    private final ServerSettings.Resources resources;
    private final Env env;
    private final Set<String> requires;
    private volatile @Nullable ObjectStore store;
    private volatile @Nullable HoldfastDb db;

    DatabaseComponent(ServerSettings server, Env env, Set<String> requires) {
        location = server.data();
        settings = server.db();
        answersWaitFor = server.redis().durability();
        resources = server.resources();
        this.env = env;
        this.requires = requires;
    }

    /// The open database. Only between its start and its PERSIST.
    Db db() {
        Db open = db;
        if (open == null) throw new IllegalStateException("the database is not open");
        return open;
    }

    /// Its figures; null while it is not open.
    @Nullable DbStats stats() {
        Db open = db;
        return open == null ? null : open.stats();
    }

    /// Its local log; null if it has none, or while it is not open.
    @Nullable LocalStatus local() {
        HoldfastDb open = db;
        return open == null ? null : open.local();
    }

    /// What was asked of its store; null while it is not open.
    @Nullable StoreTraffic traffic() {
        ObjectStore opened = store;
        return opened == null ? null : opened.traffic();
    }

    /// What its disk cache was worth; null if it has none, or while it is not open.
    CachingStore.@Nullable Figures cacheFigures() {
        return store instanceof CachingStore cached ? cached.cacheFigures() : null;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> requires() {
        return requires;
    }

    @Override
    public Set<Phase> phases() {
        return EnumSet.of(Phase.PERSIST, Phase.RELEASE);
    }

    @Override
    public void start(StartContext context) {
        long start = env.nanoTime();
        ObjectStore opened = resources.given(location.openStore(env), env);
        store = opened;
        HoldfastDb open =
                resources
                        .given(Engine.builder(opened, location.path()))
                        .settings(settings)
                        .env(env)
                        .open();
        context.adopt(open.scope());
        db = open;
        DbStats stats = open.stats();
        LOG.log(
                System.Logger.Level.INFO,
                "database open. at=`{0}`, manifest=`{1,number,#}`, epoch=`{2,number,#}`,"
                        + " replayed=`{3,number,#}`, ms=`{4,number,#}`",
                location,
                stats.manifestId(),
                stats.writerEpoch(),
                stats.walRecordsReplayed(),
                (env.nanoTime() - start) / 1_000_000);
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) {
        return phase == Phase.PERSIST ? persist(context) : release();
    }

    /// The database's own scope has just persisted within this one: only its figures are left.
    private Outcome persist(StopContext context) {
        Db open = db;
        if (open == null) return Outcome.done();
        Watermarks watermarks = open.watermarks();
        context.durable("seq", Long.toString(watermarks.remote()));
        long missing = watermarks.applied() - watermarks.remote();
        if (missing == 0) return Outcome.done("commits", watermarks.applied());
        String what = "commits not durable";
        if (answersWaitFor != Durability.MEMORY) return Outcome.cut(what, missing);
        // Clients were told of them.
        return Outcome.failed(missing + " " + what, new Unavailable(what, null));
    }

    private Outcome release() {
        db = null;
        ObjectStore opened = store;
        if (opened != null) opened.close();
        store = null;
        return Outcome.done();
    }
}
