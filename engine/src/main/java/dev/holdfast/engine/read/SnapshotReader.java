package dev.holdfast.engine.read;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.filter.FilterChoice;
import dev.holdfast.engine.manifest.DropMark;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.WalStoreRule;
import dev.holdfast.engine.memory.MemoryAccount;
import dev.holdfast.engine.memory.MemoryUse;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.wal.WalListing;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A database as it is in the store at one moment: its tables, and the log behind them replayed in
/// memory.
///
/// Invariant: it puts and deletes nothing, and so fences nobody. Thread-safe.
public final class SnapshotReader implements DbReader {
    private static final int ATTEMPTS_MAX = 4;
    private static final long MEMTABLE_BYTES = 64L << 20;

    private final StableView view;
    private final StableView.Reading reading;
    private final Tail shown;
    private final long manifestId;
    private final long openedNanos;
    private final BlockCache cache;
    private final MemoryAccount memory;

    private SnapshotReader(Tail shown, long manifestId, Parts parts) {
        this.shown = shown;
        this.manifestId = manifestId;
        reading = parts.reading();
        cache = parts.cache();
        view = shown.view(reading);
        openedNanos = reading.env().nanoTime();
        memory = cache.memory().account();
        memory.add(MemoryUse.MEMTABLES, shown.view.memtableBytes());
    }

    /// Opens the database at `root` in `store`. Throws `Invalid` if there is none. The reader
    /// closes the cache.
    public static SnapshotReader open(
            ObjectStore store, String root, StableView.Reading reading, Tables kept) {
        var manifests = new ManifestStore(store, root, reading.env());
        ManifestVersion version = manifests.latest();
        if (version != null) WalStoreRule.require(version, store, root);
        for (int attempt = 1; version != null; attempt++) {
            try {
                return of(version, store, root, new Parts(reading, kept));
            } catch (CorruptData missing) {
                // What a live writer's next manifest no longer needs may be collected meanwhile.
                ManifestVersion newest = manifests.newest(version);
                if (newest.id() == version.id() || attempt == ATTEMPTS_MAX) throw missing;
                version = newest;
            }
        }
        throw new Invalid(
                "no database here. store=`%s`, path=`%s`".formatted(store.url(), root), null);
    }

    /// How tables are read.
    ///
    /// @param cache closed with the reader
    /// @param filters that are known
    public record Tables(BlockCache cache, Sealing sealing, FilterChoice filters) {}

    private record Parts(StableView.Reading reading, Tables kept) {
        BlockCache cache() {
            return kept.cache();
        }

        Sealing sealing() {
            return kept.sealing();
        }
    }

    private static SnapshotReader of(
            ManifestVersion version, ObjectStore store, String root, Parts parts) {
        DropMark.requireReady(version);
        Manifest manifest = version.manifest();
        TablePaths paths = TablePaths.of(root, manifest);
        Env env = parts.reading().env();
        var tables =
                new TableStore(store, paths, parts.cache(), parts.sealing(), env)
                        .with(parts.kept().filters());
        LsmView view = LsmView.of(new Memtable()).withTables(manifest, tables);
        var manifests = new ManifestStore(store, root, env);
        var tail =
                new Tail(
                        view,
                        manifest.lastL0Seq(),
                        manifest.replayAfterWalId(),
                        () -> manifests.newest(version).id() == version.id());
        var from = new WalReplayer(store, root, env, Token.standalone(env), manifest.lastL0Seq());
        replay(store, root, from.openedBy(parts.sealing()), tail);
        return new SnapshotReader(tail, version.id(), parts);
    }

    private static void replay(ObjectStore store, String root, WalReplayer replayer, Tail tail) {
        long after = tail.lastWalId;
        try {
            replayer.replay(after, WalListing.read(store, root, after).last(), tail);
        } catch (ObjectStoreException failure) {
            throw new Unavailable("log not readable. path=`" + root + "`", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while the log was read", interrupted);
        }
    }

    /// Fills `found` with the newest row of `key`, a tombstone too, and tells whether there is one.
    public boolean newest(Bytes key, FoundRow found) {
        return reading.points().newest(shown.view, key, shown.lastSeq, found);
    }

    /// Takes the log's rows into memtables over the tables.
    private static final class Tail implements WalReplayer.Sink {
        private LsmView view;
        private long lastSeq;
        private long lastWalId;
        private final BooleanSupplier isNewest;

        Tail(LsmView view, long lastSeq, long lastWalId, BooleanSupplier isNewest) {
            this.isNewest = isNewest;
            this.view = view;
            this.lastSeq = lastSeq;
            this.lastWalId = lastWalId;
        }

        // Only a newer manifest knows the tables that hold what is missing.
        @Override
        public boolean mayPassGap() {
            if (isNewest.getAsBoolean()) return true;
            throw CorruptData.missing("log goes on behind newer tables. after=`" + lastSeq + "`");
        }

        StableView view(StableView.Reading reading) {
            return new StableView(reading, view, lastSeq);
        }

        @Override
        public void row(RowCursor row) {
            view.active().add(row);
        }

        @Override
        public void endOfCommit(Durable<Long> seq) {
            lastSeq = seq.position();
            if (MEMTABLE_BYTES <= view.active().bytes())
                view = view.freezeActive(view.active().next());
        }

        @Override
        public void endOfObject(Durable<Long> id, long last) {
            lastWalId = id.position();
        }
    }

    /// The manifest that was followed.
    public long manifestId() {
        return manifestId;
    }

    /// The last commit that is shown.
    public long seq() {
        return view.seq();
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
        return view.get(key);
    }

    @Override
    public Scan scan(KeyRange range, Order order) {
        return view.scan(range, order);
    }

    @Override
    public @Nullable Row row(Bytes key, Reads.Options options) {
        return view.row(key, options);
    }

    @Override
    public List<@Nullable Bytes> multiGet(List<Bytes> keys, Reads.Options options) {
        return view.multiGet(keys, options);
    }

    @Override
    public Scan scan(KeyRange range, Scan.Options options) {
        return view.scan(range, options);
    }

    @Override
    public Scan.Versions versions(KeyRange range) {
        return view.versions(range);
    }

    @Override
    public ReadView view() {
        return shown.view(reading);
    }

    @Override
    public Status status() {
        return new Status(
                manifestId,
                shown.lastWalId,
                view.seq(),
                Duration.ofNanos(Math.max(0, reading.env().nanoTime() - openedNanos)),
                shown.view.memtableBytes(),
                1,
                0,
                false,
                null,
                null);
    }

    @Override
    public void awaitSeq(long seq, Duration timeout) {
        if (view.seq() < seq)
            throw new Unavailable(
                    "this reader stays where it is. seq=`%d`, shown=`%d`"
                            .formatted(seq, view.seq()),
                    null);
    }

    @Override
    public void close() {
        view.close();
        memory.close();
        cache.close();
    }
}
