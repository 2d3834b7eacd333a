package dev.holdfast.engine.write;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.filter.FilterChoice;
import dev.holdfast.engine.local.DatabaseOwner;
import dev.holdfast.engine.local.DatabaseOwner.Log;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.SegmentGuard;
import dev.holdfast.engine.manifest.StreamMark;
import dev.holdfast.engine.manifest.TakeOverWitness;
import dev.holdfast.engine.memory.MemoryAccount;
import dev.holdfast.engine.memory.MemoryBudget;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.owner.Ownership;
import dev.holdfast.engine.owner.OwnershipKeeper;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.ship.UploadScheduler;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.table.StoredForm;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.table.TablesAtHand;
import dev.holdfast.engine.tier.DatabaseId;
import dev.holdfast.engine.tier.LocalHome;
import dev.holdfast.engine.tier.LocalLog;
import dev.holdfast.engine.tier.LocalPlace;
import dev.holdfast.engine.tier.LocalTable;
import dev.holdfast.engine.tier.LocalTables;
import dev.holdfast.engine.tier.LocalTier;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.SnapshotPins;
import dev.holdfast.engine.view.ViewHolder;
import dev.holdfast.engine.wal.CommitLog;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.engine.wal.Fence;
import dev.holdfast.engine.wal.RemoteWal;
import dev.holdfast.engine.wal.WalPutter;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The half of an open database that writes: wired here, started by the scope it is added to.
///
/// First [#claim] makes this process the writer, then the components start, then [#recover] brings
/// back what is only in the log; the writer that it returns takes the first batch.
public final class WriteSide {
    /// Where the database lies, and what it runs on.
    ///
    /// @param local where its local log lies; null if it has none
    /// @param operator combines merged rows; null if there is none
    /// @param word what to do about a node that may have commits which the store does not have
    /// @param profile for which engines it is to be written
    /// @param filters of its tables
    /// @param segments how it is cut; null if it is not, or as its extractor's name tells
    public record Place(
            ObjectStore store,
            String root,
            Settings settings,
            Env env,
            @Nullable MergeOperator operator,
            @Nullable LocalPlace local,
            Ownership.Word word,
            FormatProfile profile,
            FilterChoice filters,
            @Nullable SegmentRules segments) {}

    /// Where the commits of the writers before end.
    ///
    /// @param lastSeq the last commit, in a table or replayed
    /// @param lastTickMillis the newest time of creation
    /// @param commitsReplayed how many commits were read back from the log
    /// @param rowsReplayed how many rows they had
    public record Recovered(
            long lastSeq, long lastTickMillis, long commitsReplayed, long rowsReplayed) {}

    /// What a takeover won.
    ///
    /// @param home the directory of the local log, held; null if there is none
    private record Won(Takeover.Claim claim, Ownership ownership, @Nullable LocalHome home) {}

    private final Place place;
    private final WriteParts parts;
    private final Sealing sealing;
    private final SstWriter tableWriter;
    private final MemoryAccount memory;
    private final RemoteWal remote;
    private final @Nullable LocalTier tier;
    private final @Nullable UploadScheduler uploads;
    private final ViewHolder views;
    private final SnapshotPins pins;
    private final LiveManifest live;
    private final PlaceInL0 placeInL0;
    private final MemtableFlusher flusher;
    private final Freezer freezer;
    private final Takeover.Claim claim;
    private final @Nullable SegmentRules segments; // also where nothing was said of them
    private final Ownership ownership;
    private final @Nullable TableShipper shipper;
    private @Nullable Recovered recovered;

    private WriteSide(Place place, BlockCache cache, Won won, Ending ending, Token token) {
        this.place = place;
        claim = won.claim;
        ownership = won.ownership;
        Env env = place.env();
        Settings settings = place.settings();
        Manifest manifest = claim.manifest().manifest();
        segments = SegmentGuard.rulesOf(manifest, place.segments());
        memory = cache.memory().account();
        remote =
                new RemoteWal(
                        new WalPutter(place.store(), place.root(), settings, env),
                        Durable.confirmed(manifest.replayAfterWalId()),
                        manifest.lastL0Seq(),
                        ending,
                        token);
        remote.bookIn(memory);
        uploads = won.home == null ? null : new UploadScheduler(env);
        LocalLog local = won.home == null ? null : LocalTier.log(won.home, remote, ending, token);
        if (local != null && uploads != null) local.shipBy(uploads);
        if (local != null && keepsLogWhole()) local.keepWhole();
        CommitLog log = local == null ? remote : local;
        var backlog = new Backlog(settings.unflushedMax(), memory, env, ending, token);
        parts = new WriteParts(env, log, backlog, ending, token);
        views = new ViewHolder(LsmView.of(new Memtable()));
        pins =
                new SnapshotPins(
                        env, manifest.recentSnapshotMinSeq(), settings.rows().snapshotsMax());
        TablePaths paths = TablePaths.of(place.root(), manifest);
        LocalTables tables = won.home == null ? null : localTables(won.home, paths);
        sealing = new Sealing(settings.keys(), env);
        live =
                new LiveManifest(
                        new ManifestStore(place.store(), place.root(), env),
                        new TableStore(place.store(), paths, cache, sealing, env)
                                .with(tables == null ? TablesAtHand.NONE : tables)
                                .with(place.filters()),
                        views,
                        claim.manifest());
        SstSettings form = StoredForm.of(settings).withFilterForm(claim.profile().filterForm());
        var writer = new SstWriter(place.store(), paths, form, sealing, env).with(place.filters());
        tableWriter = writer;
        placeInL0 = new PlaceInL0(parts, live);
        var flusherPlace =
                new MemtableFlusher.Place(writer, live, placeInL0, pins, tables, segments);
        flusher = new MemtableFlusher(parts, flusherPlace, place.operator());
        freezer = new Freezer(settings, parts, views, flusher);
        tier =
                local == null || tables == null || uploads == null
                        ? null
                        : tierOf(won.home, local, tables, uploads);
        shipper = tables == null || uploads == null ? null : shipperOf(writer, tables, uploads);
        memory.relieveBy(new FreezingRelief(backlog, views, flusher));
    }

    // Whoever registers later sees in our word whether it may.
    private boolean keepsLogWhole() {
        DatabaseOwner told = ownership.mine();
        boolean isTold = told != null && told.log() == Log.WHOLE;
        return isTold || StreamMark.isIn(claim.manifest().manifest());
    }

    private LocalTables localTables(LocalHome home, TablePaths paths) {
        long epoch = claim.manifest().manifest().writerEpoch();
        return new LocalTables(home, epoch, id -> stored(paths.name(id)));
    }

    private @Nullable Bytes stored(String name) {
        try {
            return place.store().get(name);
        } catch (ObjectStoreException failure) {
            throw new Unavailable("table not readable. object=`" + name + "`", failure);
        }
    }

    private TableShipper shipperOf(SstWriter writer, LocalTables tables, UploadScheduler uploads) {
        var place = new TableShipper.Place(writer, live, placeInL0, tables, uploads, segments);
        return new TableShipper(parts, place, flusher);
    }

    private LocalTier tierOf(
            LocalHome home, LocalLog local, LocalTables tables, UploadScheduler uploads) {
        local.bookIn(memory);
        var made =
                new LocalTier(
                        home, local, tables, uploads, () -> live.current().manifest().lastL0Seq());
        live.onChange(made::nudge);
        return made;
    }

    /// Takes the database over, making it first if there is none. `ending` and `token` are those of
    /// the scope to come.
    public static WriteSide claim(Place place, BlockCache cache, Ending ending, Token token)
            throws InterruptedException {
        LocalHome home = null;
        WriteSide made = null;
        try {
            home = homeOf(place);
            made = new WriteSide(place, cache, won(place, home, token), ending, token);
            return made;
        } finally {
            if (made == null && home != null) home.close();
        }
    }

    // Before anything is written to the database: a directory that another process holds, or that
    // is another database's, must not cost the present writer its epoch.
    private static @Nullable LocalHome homeOf(Place place) {
        LocalPlace local = place.local();
        if (local == null) return null;
        UUID database = DatabaseId.of(place.store(), place.root(), place.env());
        return LocalHome.open(local, database, place.env());
    }

    private static Won won(Place place, @Nullable LocalHome home, Token token)
            throws InterruptedException {
        var manifests = new ManifestStore(place.store(), place.root(), place.env());
        var fence = new Fence(place.store(), place.root(), place.env());
        Ownership ownership = ownershipOf(place, home);
        var at =
                new Takeover.Place(
                        place.store(),
                        place.root(),
                        place.env(),
                        place.profile(),
                        place.segments());
        var takeover = new Takeover(manifests, at, fence, ownership);
        Deadline deadline = Deadline.after(place.env(), place.settings().writeTimeout());
        if (home != null) home.settleAttempts(manifests::epochWonBy);
        Takeover.Claim claim = takeover.claim(new Patience(deadline, token));
        if (home != null)
            home.won(claim.manifest().manifest().writerEpoch(), manifests::epochWonBy);
        return new Won(claim, ownership, home);
    }

    private static Ownership ownershipOf(Place place, @Nullable LocalHome home) {
        var here = new Ownership.Place(place.store(), place.root(), place.env());
        var node =
                home == null
                        ? null
                        : new Ownership.Home(
                                home.database(),
                                home.node(),
                                home.place().directory().toAbsolutePath().toString(),
                                logOf(home.place()));
        return new Ownership(
                here,
                new Ownership.Claimant(node, place.word()),
                home == null ? TakeOverWitness.NOBODY : home);
    }

    private static Log logOf(LocalPlace local) {
        return switch (local.settings().shipping().log()) {
            case SPARE -> Log.SPARE;
            case WHOLE -> Log.WHOLE;
        };
    }

    /// From now on, with so many L0 tables as the settings say, a new one waits a while as long as
    /// `isCompacting`; else there is nothing to wait for.
    public void limitL0(BooleanSupplier isCompacting) {
        placeInL0.limit(place.settings().l0TablesMax(), isCompacting);
    }

    /// The parts with a life of their own. They require a component called `store`.
    public List<Component> components() {
        var poller =
                new ManifestPoller(
                        live, place.settings().manifestPollInterval(), parts.ending(), parts.env());
        var all = new ArrayList<Component>(List.of(remote, flusher, poller));
        if (tier != null) {
            all.addAll(tier.components());
            if (shipper != null) all.add(shipper);
            all.add(
                    new OwnershipKeeper(
                            ownership, parts.env(), tier::unshipped, tier::isTakenOver));
        }
        return all;
    }

    /// How keys are cut into segments; null if they are not.
    public @Nullable SegmentRules segments() {
        return segments;
    }

    /// What this opener has told others of itself; null if nothing.
    public @Nullable DatabaseOwner owner() {
        return ownership.mine();
    }

    /// Replays the log up to the fence, and returns the writer of everything that follows. Once,
    /// after the components have started.
    public BatchWriter recover() throws InterruptedException {
        Manifest from = claim.manifest().manifest();
        var recovery = new Recovery(remote, parts, freezer, from, place.settings().writeTimeout());
        recovery.readFencesOf(claim.profile());
        if (tier != null) adopt(tier.tables(), recovery);
        replay(from, recovery);
        if (tier != null) recoverLocal(tier, recovery);
        Recovered done = recovery.done();
        recovered = done;
        var form = new BatchForm(place.operator(), place.settings().rows().defaultTtl(), segments);
        var writer = new BatchWriter(parts, freezer, form, done);
        flusher.freezeAtStop(writer::freeze);
        return writer;
    }

    private void adopt(LocalTables tables, Recovery recovery) {
        List<LocalTable> adopted = tables.adopt(live.current().manifest().lastL0Seq());
        recovery.adopted(adopted);
        // What flushes have left out of them is gone.
        for (LocalTable table : adopted) pins.bound(table.rows().snapshotMinSeq());
        live.show(adopted);
    }

    // What is missing was collected, if somebody took over while we were asleep.
    private void replay(Manifest from, Recovery recovery) throws InterruptedException {
        try {
            new WalReplayer(
                            place.store(),
                            place.root(),
                            place.env(),
                            parts.token(),
                            from.lastL0Seq())
                    .openedBy(sealing)
                    .replay(from.replayAfterWalId(), claim.fenceId(), recovery);
        } catch (CorruptData found) {
            if (found.isMissing()) live.refresh();
            parts.ending().check();
            throw found;
        }
    }

    private void recoverLocal(LocalTier local, Recovery recovery) throws InterruptedException {
        local.takeOver(
                recovery.done().lastSeq(),
                commit -> recovery.localCommit(parts.log(), commit),
                place.settings().writeTimeout());
        recovery.requireAllAdopted();
        parts.log().keptInTables(recovery.adoptedSeq());
    }

    /// What [#recover] brought back.
    public Recovered recovered() {
        Recovered done = recovered;
        if (done == null) throw new IllegalStateException("not recovered yet");
        return done;
    }

    /// Waits until everything up to `seq` is durable at `level`.
    public void awaitDurable(long seq, Durability level, Deadline deadline)
            throws InterruptedException {
        switch (level) {
            case MEMORY -> {}
            case LOCAL -> parts.log().awaitLocal(seq, deadline);
            case REMOTE -> parts.log().awaitDurable(seq, deadline);
        }
    }

    /// Waits until everything up to `seq`, all of it frozen, is in tables.
    public void awaitFlushed(long seq, Deadline deadline) throws InterruptedException {
        flusher.awaitFlushed(seq, deadline);
    }

    /// Makes `adoption` the next commit of `writer`, and returns once it has ended. A later call
    /// goes on where an earlier one has ended too soon.
    ///
    /// Throws `Unavailable` if it has not ended at the deadline: its state says whether it still
    /// may become a commit. `Conflict` if its number is taken.
    public void adopt(
            BatchWriter writer, Adoption adoption, Adoption.Herald herald, Deadline deadline)
            throws InterruptedException {
        if (adoption.state() == Adoption.State.WAITING) {
            // Most of what lies before goes while others still commit.
            flusher.awaitFlushed(writer.freeze(), deadline);
            hold(writer, adoption, herald, deadline);
        }
        writer.awaitEnd(adoption, deadline);
    }

    private void hold(
            BatchWriter writer, Adoption adoption, Adoption.Herald herald, Deadline deadline)
            throws InterruptedException {
        long before = writer.hold(adoption);
        boolean isHandedOver = false;
        try {
            flusher.awaitFlushed(before, deadline);
            herald.announce(before, parts.log().cover(before).position().lastSeen());
            adoption.handOver(pins.bound(before), () -> writer.let(adoption));
            flusher.enqueue(adoption);
            isHandedOver = true;
        } finally {
            if (!isHandedOver) writer.let(adoption);
        }
    }

    /// The memory that it shares with others.
    public MemoryBudget memory() {
        return parts.memory();
    }

    /// Writes tables to the store.
    public SstWriter tableWriter() {
        return tableWriter;
    }

    /// The log.
    public CommitLog log() {
        return parts.log();
    }

    /// What is known of the local log now; null if there is none.
    public @Nullable LocalStatus local() {
        return tier == null ? null : tier.status();
    }

    /// The view that reads take.
    public ViewHolder views() {
        return views;
    }

    /// The snapshots that are open.
    public SnapshotPins pins() {
        return pins;
    }

    /// The manifest last seen.
    public LiveManifest manifest() {
        return live;
    }

    /// Gives the memory back that memtables and log hold, and the local directory if no component
    /// did. Last of all.
    public void release() {
        memory.close();
        if (tier != null) tier.close();
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
