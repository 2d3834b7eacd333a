package dev.holdfast.engine;

import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.compact.Compactor;
import dev.holdfast.engine.compact.Compactor.ShownTables;
import dev.holdfast.engine.compact.rows.RowRules;
import dev.holdfast.engine.gc.Collecting;
import dev.holdfast.engine.ingest.Ingests;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.note.IngestNotes;
import dev.holdfast.engine.read.StableView.Reading;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.transact.Transactions;
import dev.holdfast.engine.wal.CommitLog;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.engine.write.BatchWriter;
import dev.holdfast.engine.write.LiveManifest;
import dev.holdfast.engine.write.WriteSide;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ScopeBuilder;
import dev.holdfast.lifecycle.StartException;
import dev.holdfast.lifecycle.wait.Certainty;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.CachingStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// One attempt to open a database for writing: claim, start, recover. What it cannot finish it
/// takes back.
final class Opening {
    private static final Duration ROLL_BACK = Duration.ofSeconds(1);

    private final WriteSide.Place place;
    private final RowRules rules;
    private final EngineMemory memory;
    private final Runnable release;
    private final Ending ending;

    /// @param release closes the store if the database is to own it
    Opening(WriteSide.Place place, RowRules rules, EngineMemory memory, Runnable release) {
        this.place = place;
        this.rules = rules;
        this.memory = memory;
        this.release = release;
        ending = new Ending(place.root());
    }

    HoldfastDb open() throws InterruptedException {
        boolean isOpen = false;
        ScopeBuilder scope = Scope.builder(name(), place.env());
        WriteSide writes = null;
        BlockCache cache = memory.cacheFor(place.settings(), place.env(), scope.token());
        try {
            writes = WriteSide.claim(place, cache, ending, scope.token());
            if (place.store() instanceof CachingStore cached) cached.openCache();
            HoldfastDb db = started(scope, writes, cache);
            isOpen = true;
            return db;
        } finally {
            if (!isOpen) {
                if (writes != null) writes.release();
                cache.close();
                release.run();
            }
        }
    }

    private HoldfastDb started(ScopeBuilder builder, WriteSide writes, BlockCache cache)
            throws InterruptedException {
        var calls = new Calls(builder.gate("calls"), ending, Set.of("memtable-flusher"));
        Runnable releaseAll =
                () -> {
                    writes.release();
                    cache.close();
                    release.run();
                };
        builder.add(new StoreHold(releaseAll)).add(calls);
        writes.components().forEach(builder::add);
        Workers workers = workersOf(writes.manifest(), cache);
        workers.components().forEach(builder::add);
        builder.corruption(CorruptData.class::isInstance);
        builder.certainty(Opening::certaintyOf);
        builder.onFailure((_, failure) -> ending.fail(failure));
        Scope scope = builder.build();
        start(scope);
        boolean isRecovered = false;
        try {
            BatchWriter writer = writes.recover();
            // Not before: opening never waits for a compactor.
            Compactor compactor = workers.compactor();
            if (compactor != null) writes.limitL0(compactor::isAtWork);
            isRecovered = true;
            var reading = new Reading(place.env(), rules.operator(), marksOf(writes.log()));
            Transactions transactions = transactionsOf(reading, writes, writer, calls);
            Ingests ingests = ingestsOf(writes, writer, calls, builder.token());
            return new OpenDb(
                    new OpenParts(
                            place,
                            writes,
                            reading,
                            memory,
                            cache,
                            workers,
                            calls,
                            transactions,
                            ingests,
                            scope),
                    writer);
        } finally {
            // Nothing was committed here, so there is nothing to persist.
            if (!isRecovered) scope.stop(Mode.IMMEDIATE, ROLL_BACK, "recovery failed");
        }
    }

    private Transactions transactionsOf(
            Reading reading, WriteSide writes, BatchWriter writer, Calls calls) {
        Settings settings = place.settings();
        var parts =
                new Transactions.Parts(
                        reading,
                        writes.views(),
                        writer,
                        new TransactionDoor(calls, writes),
                        settings.transactions(),
                        settings.writeTimeout());
        var transactions = new Transactions(parts);
        ending.listen(transactions::endAll);
        return transactions;
    }

    private Ingests ingestsOf(WriteSide writes, BatchWriter writer, Calls calls, Token token) {
        return new Ingests(
                new Ingests.Place(
                        place.env(),
                        place.settings(),
                        writes,
                        writer,
                        writes.memory(),
                        new IngestNotes(place.store(), place.root(), place.env()),
                        new TransactionDoor(calls, writes),
                        token));
    }

    private static ToLongFunction<Durability> marksOf(CommitLog log) {
        return level ->
                switch (level) {
                    case MEMORY -> Long.MAX_VALUE;
                    case LOCAL -> log.localSeq();
                    case REMOTE -> log.durableSeq();
                };
    }

    private Workers workersOf(LiveManifest live, BlockCache cache) {
        Settings settings = place.settings();
        boolean compacts = settings.compaction().style() != CompactionSettings.Style.OFF;
        boolean collects = settings.collectionInterval().isPositive();
        return new Workers(
                compacts ? compactorOf(live, cache) : null, collects ? collectorOf(live) : null);
    }

    private Compactor compactorOf(LiveManifest live, BlockCache cache) {
        var compactor =
                new Compactor(
                        new Compactor.Place(
                                place.store().forBulkReads(),
                                place.root(),
                                place.settings(),
                                place.env(),
                                rules,
                                live::current,
                                shownBy(live),
                                cache,
                                Compactor.WhenFenced.STAND_ASIDE,
                                place.filters(),
                                place.segments()));
        live.onChange(compactor::nudge);
        return compactor;
    }

    private static ShownTables shownBy(LiveManifest live) {
        return new ShownTables() {
            @Override
            public long bytesInMemory(Set<SstView> tables) {
                return live.bytesInMemory(tables);
            }

            @Override
            public SstReader expect(SstView view) {
                return live.expect(view);
            }

            @Override
            public void show(ManifestVersion version) {
                live.learn(version);
            }

            @Override
            public void letGo(List<SstReader> expected) {
                live.letGo(expected);
            }
        };
    }

    // Of the others some are thrown before a commit and some after it.
    private static @Nullable Certainty certaintyOf(Throwable error) {
        return error instanceof Conflict || error instanceof Invalid ? Certainty.NOT_APPLIED : null;
    }

    private Collecting collectorOf(LiveManifest live) {
        Settings settings = place.settings();
        var rules = new CollectionRules(settings.collectionMinAge(), CollectionRules.Sweep.REMOVE);
        return new Collecting(
                new Collecting.Place(
                        place.store(), place.root(), rules, place.env(), () -> live.current().id()),
                settings.collectionInterval());
    }

    private static void start(Scope scope) throws InterruptedException {
        try {
            scope.start();
        } catch (StartException failed) {
            if (failed.getCause() instanceof StorageException cause) throw cause;
            throw new Unavailable("the database did not start", failed);
        }
    }

    private String name() {
        return place.root().isEmpty() ? "db" : "db " + place.root();
    }
}
