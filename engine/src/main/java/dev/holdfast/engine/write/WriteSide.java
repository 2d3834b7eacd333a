package dev.holdfast.engine.write;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.memory.MemoryAccount;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.table.StoredForm;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.ViewHolder;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.engine.wal.Fence;
import dev.holdfast.engine.wal.RemoteWal;
import dev.holdfast.engine.wal.WalPutter;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The half of an open database that writes: wired here, started by the scope it is added to.
///
/// First [#claim] makes this process the writer, then the components start, then [#recover] brings
/// back what is only in the log; the writer that it returns takes the first batch.
public final class WriteSide {
    /// Where the database lies, and what it runs on.
    public record Place(ObjectStore store, String root, Settings settings, Env env) {}

    private final Place place;
    private final WriteParts parts;
    private final MemoryAccount memory;
    private final RemoteWal log;
    private final ViewHolder views;
    private final LiveManifest live;
    private final MemtableFlusher flusher;
    private final Freezer freezer;
    private final Takeover.Claim claim;
    private @Nullable Recovered recovered;

    private WriteSide(
            Place place, BlockCache cache, Takeover.Claim claim, Ending ending, Token token) {
        this.place = place;
        this.claim = claim;
        Env env = place.env();
        Settings settings = place.settings();
        Manifest manifest = claim.manifest().manifest();
        memory = cache.memory().account();
        log =
                new RemoteWal(
                        new WalPutter(place.store(), place.root(), settings, env),
                        Durable.confirmed(manifest.replayAfterWalId()),
                        manifest.lastL0Seq(),
                        ending,
                        token);
        log.bookIn(memory);
        var backlog = new Backlog(settings.unflushedMax(), memory, env, ending, token);
        parts = new WriteParts(env, log, backlog, ending, token);
        views = new ViewHolder(LsmView.of(new Memtable()));
        TablePaths paths = TablePaths.of(place.root(), manifest);
        live =
                new LiveManifest(
                        new ManifestStore(place.store(), place.root(), env),
                        new TableStore(place.store(), paths, cache, env),
                        views,
                        claim.manifest());
        var tables = new SstWriter(place.store(), paths, StoredForm.of(settings), env);
        flusher = new MemtableFlusher(parts, tables, live);
        freezer = new Freezer(settings, log, views, flusher);
        memory.relieveBy(new FreezingRelief(backlog, views, flusher));
    }

    /// Takes the database over, making it first if there is none. `ending` and `token` are those of
    /// the scope to come.
    public static WriteSide claim(Place place, BlockCache cache, Ending ending, Token token)
            throws InterruptedException {
        var manifests = new ManifestStore(place.store(), place.root(), place.env());
        var fence = new Fence(place.store(), place.root(), place.env());
        var takeover = new Takeover(manifests, place.store(), place.root(), fence);
        Deadline deadline = Deadline.after(place.env(), place.settings().writeTimeout());
        Takeover.Claim claim = takeover.claim(new Patience(deadline, token));
        return new WriteSide(place, cache, claim, ending, token);
    }

    /// From now on, with so many L0 tables as the settings say, a new one waits a while as long as
    /// `isCompacting`; else there is nothing to wait for.
    public void limitL0(BooleanSupplier isCompacting) {
        flusher.limitL0(place.settings().l0TablesMax(), isCompacting);
    }

    /// The parts with a life of their own. They require a component called `store`.
    public List<Component> components() {
        return List.of(
                log,
                flusher,
                new ManifestPoller(
                        live,
                        place.settings().manifestPollInterval(),
                        parts.ending(),
                        parts.env()));
    }

    /// Replays the log up to the fence, and returns the writer of everything that follows. Once,
    /// after the components have started.
    public BatchWriter recover() throws InterruptedException {
        Manifest from = claim.manifest().manifest();
        var recovery = new Recovery(log, parts, freezer, from, place.settings().writeTimeout());
        new WalReplayer(place.store(), place.root(), place.env(), parts.token(), from.lastL0Seq())
                .replay(from.replayAfterWalId(), claim.fenceId(), recovery);
        Recovered done = recovery.done();
        recovered = done;
        var writer = new BatchWriter(parts, freezer, done);
        flusher.freezeAtStop(writer::freeze);
        return writer;
    }

    /// What [#recover] brought back.
    public Recovered recovered() {
        Recovered done = recovered;
        if (done == null) throw new IllegalStateException("not recovered yet");
        return done;
    }

    /// Waits until everything up to `seq` is durable in the log.
    public void awaitDurable(long seq, Deadline deadline) throws InterruptedException {
        log.awaitDurable(seq, deadline);
    }

    /// Waits until everything up to `seq`, all of it frozen, is in tables.
    public void awaitFlushed(long seq, Deadline deadline) throws InterruptedException {
        flusher.awaitFlushed(seq, deadline);
    }

    /// The log.
    public RemoteWal log() {
        return log;
    }

    /// The view that reads take.
    public ViewHolder views() {
        return views;
    }

    /// The manifest last seen.
    public LiveManifest manifest() {
        return live;
    }

    /// Gives the memory back that memtables and log hold. Last of all.
    public void releaseMemory() {
        memory.close();
    }

    /// What was flushed, and what held it up.
    public DbStats.Flushes flushes() {
        return flusher.flushes();
    }

    /// Writers that waited for room.
    public DbStats.Stalls stalls() {
        return parts.backlog().stalls();
    }
}
