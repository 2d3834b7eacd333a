package dev.holdfast.engine;

import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.read.StableView;
import dev.holdfast.engine.read.StableView.Reading;
import dev.holdfast.engine.table.RunReader;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.wal.WalListing;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.engine.write.WriteSide;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Opens a database to look at: its latest manifest, and the whole log behind it in memory.
final class ReaderOpening {
    private static final long MEMTABLE_BYTES = 64L << 20;

    private final WriteSide.Place place;
    private final @Nullable MergeOperator operator;

    ReaderOpening(WriteSide.Place place, @Nullable MergeOperator operator) {
        this.place = place;
        this.operator = operator;
    }

    DbReader open() throws InterruptedException {
        var manifests = new ManifestStore(place.store(), place.root(), place.env());
        ManifestVersion found = manifests.latest();
        if (found == null) throw new Invalid("no database here. path=`" + place.root() + "`", null);
        Manifest manifest = found.manifest();
        var log = new LogInMemory(tablesOf(manifest), manifest.lastL0Seq());
        long after = manifest.replayAfterWalId();
        long last = WalListing.read(place.store(), place.root(), after).last();
        Token token = Token.standalone(place.env());
        new WalReplayer(place.store(), place.root(), place.env(), token, manifest.lastL0Seq())
                .replay(after, last, log);
        var reading = new Reading(place.env(), operator);
        return new ViewReader(new StableView(reading, log.view, log.lastSeq));
    }

    // Segments hold the keys of their prefixes and no others, so their tables can stand among the
    // others in any order.
    private LsmView tablesOf(Manifest manifest) {
        var cache = new BlockCache(place.settings().blockCacheSize());
        TablePaths paths = new TablePaths(place.root(), WriteSide.foreignRoots(manifest));
        var tables = new TableStore(place.store(), paths, cache);
        List<SstReader> l0 = new ArrayList<>(tables.open(manifest.l0(), List.of()));
        List<RunReader> runs = new ArrayList<>();
        manifest.sortedRuns().forEach(run -> runs.add(tables.open(run, List.of())));
        for (var segment : manifest.segments()) {
            l0.addAll(tables.open(segment.l0(), List.of()));
            segment.sortedRuns().forEach(run -> runs.add(tables.open(run, List.of())));
        }
        return new LsmView(new Memtable(), List.of(), l0, runs);
    }

    /// Takes the log back into memtables, and never writes one.
    private static final class LogInMemory implements WalReplayer.Sink {
        private LsmView view;
        private long lastSeq;

        LogInMemory(LsmView tables, long lastFlushedSeq) {
            view = tables;
            lastSeq = lastFlushedSeq;
        }

        @Override
        public void row(RowCursor row) {
            view.active().add(row);
        }

        @Override
        public void endOfCommit(Durable<Long> seq) {
            lastSeq = seq.position();
            if (MEMTABLE_BYTES <= view.active().bytes()) view = view.freezeActive(new Memtable());
        }

        @Override
        public void endOfObject(Durable<Long> id, long seq) {}
    }
}
