package dev.holdfast.app.serve;

import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase.Claim;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
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
import dev.holdfast.redis.RedisCompaction;
import java.io.IOException;
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
    private final ServerSettings.Form form;
    private final Env env;
    private final Set<String> requires;
    private volatile @Nullable ObjectStore store;
    private final Claim claim;
    private volatile @Nullable HoldfastDb db;

    DatabaseComponent(ServerSettings server, Claim claim, Env env, Set<String> requires) {
        this.claim = claim;
        location = server.data();
        settings = server.db();
        answersWaitFor = server.redis().durability();
        resources = server.resources();
        form = server.form();
        this.env = env;
        this.requires = requires;
    }

    /// The open database. Only between its start and its PERSIST.
    Db db() {
        HoldfastDb open = db;
        if (open == null) throw new IllegalStateException("the database is not open");
        return open;
    }

    /// Its figures; null while it is not open.
    @Nullable DbStats stats() {
        HoldfastDb open = db;
        return open == null ? null : open.stats();
    }

    /// Its local log; null if it has none, or while it is not open.
    @Nullable LocalStatus local() {
        HoldfastDb open = db;
        return open == null ? null : open.local();
    }

    /// How its local disk and its store stand; null while it is not open.
    @Nullable String tierJson() {
        HoldfastDb open = db;
        return open == null ? null : TierPage.json(open, location);
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
    public void start(StartContext context) throws IOException {
        long start = env.nanoTime();
        ObjectStore opened = resources.given(location.openStore(env), env);
        store = opened;
        sayWhereLocalLies();
        EngineBuilder builder =
                form.given(resources.given(Engine.builder(opened, location.path())))
                        .settings(settings)
                        .compactionFilter(RedisCompaction.deadRows())
                        .env(env);
        if (claim == Claim.TAKE_OVER) builder.takeOver();
        HoldfastDb open = builder.open();
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
        LocalStatus local = open.local();
        if (local != null)
            LOG.log(
                    System.Logger.Level.INFO,
                    "local log open. at=`{0}`, commits only here=`{1,number,#}`",
                    local.directory(),
                    local.replayed());
    }

    // Where nobody chose it, and it is not beside the objects: its disk may be one that goes.
    private void sayWhereLocalLies() {
        LocalSettings local = resources.local();
        if (local == null || location.isLocal()) return;
        if (local.directory().equals(location.localDirectory()))
            LOG.log(
                    System.Logger.Level.WARNING,
                    "commits are acknowledged once they are in a directory of this machine that"
                            + " nobody chose: give one that lasts with --local DIR, or go without"
                            + " with --local off. directory=`{0}`",
                    local.directory());
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) {
        return phase == Phase.PERSIST ? persist(context) : release();
    }

    /// The database's own scope has just persisted within this one: only its figures are left.
    private Outcome persist(StopContext context) {
        HoldfastDb open = db;
        if (open == null) return Outcome.done();
        Watermarks watermarks = open.watermarks();
        context.durable("seq", Long.toString(watermarks.remote()));
        long unshipped = watermarks.applied() - watermarks.remote();
        if (unshipped == 0) return Outcome.done("commits", watermarks.applied());
        long missing = watermarks.applied() - watermarks.local();
        if (missing == 0) return Outcome.cut("commits that the store does not have", unshipped);
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
