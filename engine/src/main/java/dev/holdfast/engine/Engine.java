package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.BackupReport;
import dev.holdfast.engine.api.upkeep.Checkpoints;
import dev.holdfast.engine.api.upkeep.Clones;
import dev.holdfast.engine.api.upkeep.CollectionReport;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.ProfileReport;
import dev.holdfast.engine.api.upkeep.SeqTimes;
import dev.holdfast.engine.api.upkeep.UpgradeRules;
import dev.holdfast.engine.api.upkeep.WalReader;
import dev.holdfast.engine.local.DatabaseOwner;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.manifest.TrackedTimes;
import dev.holdfast.engine.owner.OwnerBook;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.wal.ProfileLook;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The door of the engine.
///
/// A database is a path in an object store. Opening it for writing takes it over from whoever wrote
/// to it before: that one is fenced. Opening it to read does nothing to it at all.
///
/// ```java
/// try (HoldfastDb opened = Engine.open("s3://bucket/db", Settings.defaults())) {
///     opened.put(Bytes.utf8("fruit/apple"), Bytes.utf8("red"));
/// }
/// ```
public final class Engine {
    private Engine() {}

    /// Opens the database at `url` (for example `file:///var/lib/holdfast`) for writing, and makes
    /// it if there is none.
    public static HoldfastDb open(String url, Settings settings) {
        return builder(storeAt(url), "").settings(settings).owningStore().open();
    }

    private static ObjectStore storeAt(String url) {
        try {
            return ObjectStores.open(url, Env.system());
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        }
    }

    /// Opens the database at `path` in `store` for writing, and makes it if there is none. An empty
    /// path is the store's root. The store stays the caller's to close.
    public static HoldfastDb open(ObjectStore store, String path, Settings settings) {
        return builder(store, path).settings(settings).open();
    }

    /// True if an object of that name is a table, which never changes: worth keeping in a cache of
    /// the store.
    public static boolean isTable(String name) {
        return TablePaths.isTable(name);
    }

    /// Opens with more than settings.
    public static EngineBuilder builder(ObjectStore store, String path) {
        return new EngineBuilder(store, path);
    }

    /// `store` with the log of the database at `path` in a store of its own: to be handed in
    /// wherever such a database is opened or looked after. Closes both with itself.
    public static ObjectStore withWalStore(ObjectStore store, String path, ObjectStore log) {
        return ObjectStores.routed(store, log, NumberedNames.wals(path).prefix());
    }

    /// Who had the database at `path` in `store` last, by the word that it left there; null if
    /// nobody left one: then no commit is anywhere but in the store.
    public static @Nullable DatabaseOwner ownerOf(ObjectStore store, String path) {
        try {
            return OwnerBook.read(store, path).owner();
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        }
    }

    /// Opens the database at `path` in `store` to look at, as it is now. Writes nothing, fences
    /// nobody.
    public static DbReader openReader(ObjectStore store, String path) {
        return builder(store, path).openReader();
    }

    /// Opens the database at `url` to look at, beside whoever writes it, as `reader` says.
    public static HoldfastReader openReader(String url, ReaderSettings reader) {
        return builder(storeAt(url), "").owningStore().openReader(reader);
    }

    /// Opens the database at `path` in `store` to look at, beside whoever writes it, as `reader`
    /// says. The store stays the caller's to close.
    public static HoldfastReader openReader(ObjectStore store, String path, ReaderSettings reader) {
        return builder(store, path).openReader(reader);
    }

    /// Reads every commit of the database at `path` in `store` as a stream, beside whoever writes
    /// it. The store stays the caller's to close.
    public static ChangeStream changes(
            ObjectStore store, String path, ChangeStream.Settings stream) {
        return builder(store, path).changes(stream);
    }

    /// Looks at the log of the database at `path` in `store`, object by object. The store stays the
    /// caller's to close.
    public static WalReader walReader(ObjectStore store, String path) {
        return builder(store, path).walReader();
    }

    /// Which engines can open the database at `path` in `store`. Writes nothing.
    public static ProfileReport profile(ObjectStore store, String path) {
        try {
            return ProfileLook.at(store, path, Env.system());
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        }
    }

    /// Makes the database at `path` in `store` one of the newer profile, which only SlateDB 0.13.1
    /// and later open. There is no way back. Whoever writes to it is fenced; `rules` say whether
    /// one that is seen at work is left alone instead.
    public static ProfileReport upgradeProfile(ObjectStore store, String path, UpgradeRules rules) {
        return builder(store, path).upgradeProfile(rules);
    }

    /// When which commit of the database at `path` in `store` was written, as far as it remembers.
    /// Reads the newest manifest alone.
    public static SeqTimes seqTimes(ObjectStore store, String path) {
        try {
            ManifestVersion newest = new ManifestStore(store, path, Env.system()).latest();
            if (newest == null) throw new Invalid("no database here. path=`" + path + "`", null);
            return new TrackedTimes(newest.manifest().sequenceTracker());
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        }
    }

    /// The segments of the database at `path` in `store` that have tables, by what their keys begin
    /// with, ascending; none if it is not cut. Reads the newest manifest alone.
    public static List<Bytes> segments(ObjectStore store, String path) {
        try {
            ManifestVersion newest = new ManifestStore(store, path, Env.system()).latest();
            if (newest == null) throw new Invalid("no database here. path=`" + path + "`", null);
            return newest.manifest().segments().stream()
                    .filter(each -> !each.l0().isEmpty() || !each.sortedRuns().isEmpty())
                    .map(Segment::prefix)
                    .toList();
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        }
    }

    /// Removes once what nothing needs any more of the database at `path` in `store`. Safe beside a
    /// live writer, on any machine.
    public static CollectionReport collect(ObjectStore store, String path, CollectionRules rules) {
        return builder(store, path).collect(rules);
    }

    /// Copies the database at `path` in `store` to `toPath` in `toStore`, as it is now, while it
    /// may be written. What an earlier backup has copied is not copied again.
    public static BackupReport backup(
            ObjectStore store, String path, ObjectStore toStore, String toPath) {
        return builder(store, path).backup(toStore, toPath);
    }

    /// The checkpoints of the database at `path` in `store`, whoever has it open.
    public static Checkpoints checkpoints(ObjectStore store, String path) {
        return builder(store, path).checkpoints();
    }

    /// What can be made of the databases in `store` without copying them, and what becomes of that.
    public static Clones clones(ObjectStore store) {
        return builder(store, "").clones();
    }

    /// Compacts the database at `path` in `store` from outside of its writer, once started. Fences
    /// any other compactor of it, and no writer.
    public static StandaloneCompactor compactor(ObjectStore store, String path, Settings settings) {
        return builder(store, path).settings(settings).compactor();
    }

    /// Works on parts of the compactions of the database at `path` in `store`, for whoever is its
    /// compactor, once started. Fences nobody.
    public static StandaloneWorker worker(
            ObjectStore store, String path, Settings settings, StandaloneWorker.Manner manner) {
        return builder(store, path).settings(settings).worker(manner);
    }

    /// Looks at every object of the database at `path` in `store`. Writes nothing, fences nobody.
    public static FsckReport fsck(ObjectStore store, String path) {
        return builder(store, path).fsck();
    }
}
