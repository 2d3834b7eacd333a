package dev.holdfast.engine;

import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.BackupReport;
import dev.holdfast.engine.api.upkeep.Checkpoints;
import dev.holdfast.engine.api.upkeep.Clones;
import dev.holdfast.engine.api.upkeep.CollectionReport;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CompactionFilter;
import dev.holdfast.engine.api.upkeep.FilterPolicy;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.engine.api.upkeep.KeyUse;
import dev.holdfast.engine.api.upkeep.ProfileReport;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.api.upkeep.UpgradeRules;
import dev.holdfast.engine.api.upkeep.WalReader;
import dev.holdfast.engine.backup.Backup;
import dev.holdfast.engine.backup.SealSurvey;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.change.OpenChanges;
import dev.holdfast.engine.change.StoredLog;
import dev.holdfast.engine.compact.rows.RowRules;
import dev.holdfast.engine.copy.Place;
import dev.holdfast.engine.copy.StoreCheckpoints;
import dev.holdfast.engine.copy.StoreClones;
import dev.holdfast.engine.filter.FilterChoice;
import dev.holdfast.engine.gc.Collector;
import dev.holdfast.engine.iter.MergeTally;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.owner.Ownership;
import dev.holdfast.engine.read.SnapshotReader;
import dev.holdfast.engine.read.StableView;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.table.StoredForm;
import dev.holdfast.engine.tier.LocalPlace;
import dev.holdfast.engine.upgrade.ProfileUpgrade;
import dev.holdfast.engine.wal.ProfileLook;
import dev.holdfast.engine.write.WriteSide;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.CachingStore;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A database about to be opened: settings and the parts that do work. Not thread-safe.
///
/// ```java
/// EngineBuilder builder = Engine.builder(store, "db").settings(Settings.defaults());
/// HoldfastDb opened = builder.mergeOperator(sum).open();
/// ```
public final class EngineBuilder {
    private final boolean isCached;
    private ObjectStore store;
    private final String path;
    private Settings settings = Settings.defaults();
    private Env env = Env.system();
    private @Nullable MergeOperator operator;
    private CompactionFilter.@Nullable Factory filters;
    private @Nullable EngineMemory memory;
    private @Nullable LocalPlace local;
    private Ownership.Word word = Ownership.Word.NONE;
    private FormatProfile profile = FormatProfile.AS_FOUND;
    private FilterChoice choice = FilterChoice.USUAL;
    private @Nullable SegmentRules segments;
    private Runnable release = () -> {};

    EngineBuilder(ObjectStore store, String path) {
        this.store = store;
        isCached = store instanceof CachingStore;
        this.path = path;
    }

    /// What an operator may tune.
    public EngineBuilder settings(Settings settings) {
        this.settings = settings;
        return this;
    }

    /// The log is in a store of its own, under the same path: said when the database is made, and
    /// at every opening since. The store stays the caller's to close.
    public EngineBuilder walStore(ObjectStore log) {
        store = Engine.withWalStore(store, path, log);
        return this;
    }

    /// Clocks, randomness and threads.
    public EngineBuilder env(Env env) {
        this.env = env;
        return this;
    }

    /// How merged rows are combined; without one, merging and reading a merged row are errors.
    public EngineBuilder mergeOperator(MergeOperator operator) {
        this.operator = operator;
        return this;
    }

    /// Has compactions of this process ask whether rows stay. They are not shared with workers on
    /// other machines then.
    public EngineBuilder compactionFilter(CompactionFilter.Factory filters) {
        this.filters = filters;
        return this;
    }

    private RowRules rules() {
        return new RowRules(operator, filters);
    }

    /// The memory that it shares with others; without one, that of the process.
    public EngineBuilder memory(EngineMemory memory) {
        this.memory = memory;
        return this;
    }

    private Sealing sealing() {
        return new Sealing(settings.keys(), env);
    }

    private EngineMemory memory() {
        return memory == null ? EngineMemory.ofWorld(env) : memory;
    }

    /// Commits are durable on this machine by a log in a local directory, and the store follows.
    public EngineBuilder local(LocalSettings settings) {
        return local(settings, Disk.system());
    }

    /// The same on `disk`.
    public EngineBuilder local(LocalSettings settings, Disk disk) {
        local = new LocalPlace(settings, disk);
        return this;
    }

    /// Opens for writing even if another node's disk may have commits that the store does not have:
    /// they are cut off from the database. Without this word such an opening throws
    /// `OwnedElsewhere`.
    public EngineBuilder takeOver() {
        word = Ownership.Word.LOSS_ACCEPTED;
        return this;
    }

    /// For which engines the database is written: opening one that has another profile throws
    /// `Invalid`, and writes nothing. A new database is made with it.
    public EngineBuilder profile(FormatProfile profile) {
        this.profile = profile;
        return this;
    }

    /// The filters of new tables, in place of the one that the settings tell of, and those that are
    /// known on reading. None at all if there are none; else a key, or a prefix, is looked for only
    /// where each of them admits it.
    ///
    /// Any but a single [FilterPolicy#bloom] need the newer profile: a database of the older is
    /// refused with `Invalid`, and nothing is written. Compactions of this process are not shared
    /// with workers then, and a compactor elsewhere needs to be given the same.
    public EngineBuilder filterPolicies(List<FilterPolicy> policies) {
        choice = FilterChoice.of(policies);
        return this;
    }

    /// Cuts the database into segments: said when it is made, in the newer profile. Throws
    /// `Invalid` later if it was made otherwise.
    ///
    /// Who opens it for writing afterwards, or compacts it, need say nothing where the extractor is
    /// one of `PrefixExtractor`'s own: its name stands in the manifest. Any other has to be said
    /// every time, and so has what segments go.
    public EngineBuilder segments(SegmentRules rules) {
        segments = rules;
        return this;
    }

    // Who chooses what the older profile cannot hold has chosen the newer.
    private FormatProfile chosenProfile() {
        if (!choice.needsNewerProfile() && segments == null) return profile;
        if (profile == FormatProfile.SLATEDB_0_12)
            throw new Invalid("those filters, or segments, need the profile slatedb-0.15", null);
        return FormatProfile.SLATEDB_0_15;
    }

    /// Closes the store with the database.
    EngineBuilder owningStore() {
        release = store::close;
        return this;
    }

    /// Opens: takes the database over from an older writer, and recovers its log.
    public HoldfastDb open() {
        if (!path.isEmpty()) ObjectNames.check(path);
        StoredForm.requireLibrary(StoredForm.of(settings).codec());
        try {
            CachingStore cached = cached();
            if (cached == null) return opening(store, release).open();
            Runnable releaseAll =
                    () -> {
                        cached.closeCache();
                        release.run();
                    };
            return opening(cached, releaseAll).open();
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("opening was interrupted", interrupted);
        }
    }

    /// Opens to look at, as it is now: writes nothing, fences nobody.
    public DbReader openReader() {
        var reading = new StableView.Reading(env, operator);
        BlockCache cache = memory().cacheFor(settings, env, Token.standalone(env));
        DbReader reader = null;
        try {
            var kept = new SnapshotReader.Tables(cache, sealing(), choice);
            reader = SnapshotReader.open(store, path, reading, kept);
            return reader;
        } finally {
            if (reader == null) cache.close();
        }
    }

    /// Opens to look at, beside whoever writes, as `reader` says.
    public HoldfastReader openReader(ReaderSettings reader) {
        var place = new ReaderOpening.Place(store, path, settings, reader, env, choice);
        try {
            return new ReaderOpening(place, operator, memory(), release).open();
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("opening was interrupted", interrupted);
        }
    }

    /// The objects of the log one by one, as [Engine#walReader] shows them.
    public WalReader walReader() {
        return new StoredLog(
                new dev.holdfast.engine.change.Place(
                        store, path, sealing(), env, settings.writeTimeout()));
    }

    /// Every commit as a stream, as [Engine#changes] opens it.
    public ChangeStream changes(ChangeStream.Settings stream) {
        if (!path.isEmpty()) ObjectNames.check(path);
        var place =
                new dev.holdfast.engine.change.Place(
                        store, path, sealing(), env, settings.writeTimeout());
        try {
            return OpenChanges.open(place, stream, Token.standalone(env));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("opening was interrupted", interrupted);
        }
    }

    /// A compactor from outside of the writer, as [Engine#compactor] makes.
    public StandaloneCompactor compactor() {
        var where = new StandaloneCompactor.Where(store, path, env, segments);
        return new StandaloneCompactor(where, settings, rules(), choice);
    }

    /// A worker for whoever compacts, as [Engine#worker] makes. It combines operands with the merge
    /// operator, if there is one, and else leaves them as they are. Throws `Invalid` if there is a
    /// compaction filter: whoever has one compacts alone, and shares nothing with workers.
    public StandaloneWorker worker(StandaloneWorker.Manner manner) {
        if (filters != null)
            throw new Invalid("a worker takes no compaction filter, only a compactor does", null);
        if (!choice.isUsual())
            throw new Invalid("a worker takes no filter policies, only a compactor does", null);
        var where = new StandaloneWorker.Where(store, path, env, operator);
        return new StandaloneWorker(where, settings, manner);
    }

    /// Removes once what nothing needs any more, as [Engine#collect] does.
    public CollectionReport collect(CollectionRules rules) {
        try {
            return new Collector(store, path, rules, env, Token.standalone(env)).collect();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("collection was interrupted", interrupted);
        }
    }

    /// Copies the database as it is now, as [Engine#backup] does.
    public BackupReport backup(ObjectStore toStore, String toPath) {
        var from = new Backup.Place(store, path);
        var to = new Backup.Place(toStore, toPath);
        try {
            return new Backup(from, to, sealing(), env, Token.standalone(env)).run();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("the backup was interrupted", interrupted);
        }
    }

    /// What each key stands on, by the number of the key. Needs no key, writes nothing.
    public List<KeyUse> keysInUse() {
        try {
            return new SealSurvey(store, path, new ManifestStore(store, path, env)).run();
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        }
    }

    /// Looks at every object, as [Engine#fsck] does.
    public FsckReport fsck() {
        try {
            return new Fsck(store, path, sealing(), env).run();
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("the check was interrupted", interrupted);
        }
    }

    /// Makes the database one of the newer profile, as [Engine#upgradeProfile] does.
    public ProfileReport upgradeProfile(UpgradeRules rules) {
        var at =
                new ProfileUpgrade.Place(
                        store, path, env, Token.standalone(env), settings.writeTimeout());
        try {
            new ProfileUpgrade(at).run(rules);
            return ProfileLook.at(store, path, env);
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("the upgrade was interrupted", interrupted);
        }
    }

    /// The checkpoints of the database, as [Engine#checkpoints] gives them.
    public Checkpoints checkpoints() {
        return new StoreCheckpoints(place(), path);
    }

    /// The clones of the store, as [Engine#clones] gives them.
    public Clones clones() {
        return new StoreClones(place());
    }

    private Place place() {
        return new Place(store, env, Token.standalone(env), settings.writeTimeout(), sealing());
    }

    private Opening opening(ObjectStore store, Runnable release) {
        var counted = new RowRules(MergeTally.of(operator), filters);
        LocalPlace sealed = local == null ? null : local.sealedBy(sealing());
        var place =
                new WriteSide.Place(
                        store,
                        path,
                        settings,
                        env,
                        counted.operator(),
                        sealed,
                        word,
                        chosenProfile(),
                        choice,
                        segments);
        return new Opening(place, counted, memory(), release);
    }

    // Opened once the local directory is held. A store that has a cache already needs no second.
    private @Nullable CachingStore cached() {
        LocalPlace at = local;
        if (at == null || isCached) return null;
        DiskCacheSettings cache = at.cache();
        if (cache == null) return null;
        return ObjectStores.cachedLater(store, Engine::isTable, cache, env, at.disk());
    }
}
