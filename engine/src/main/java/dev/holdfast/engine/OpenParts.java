package dev.holdfast.engine;

import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Watermarks;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.copy.CheckpointBook;
import dev.holdfast.engine.copy.Place;
import dev.holdfast.engine.ingest.Ingests;
import dev.holdfast.engine.iter.MergeTally;
import dev.holdfast.engine.manifest.StreamMark;
import dev.holdfast.engine.read.StableView.Reading;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.transact.Transactions;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.write.WriteSide;
import dev.holdfast.lifecycle.Scope;
import java.time.Duration;
import java.util.stream.Stream;

/// What an open database is made of.
record OpenParts(
        WriteSide.Place place,
        WriteSide writes,
        Reading reading,
        EngineMemory memory,
        BlockCache cache,
        Workers workers,
        Calls calls,
        Transactions transactions,
        Ingests ingests,
        Scope scope) {

    /// The checkpoints of the database. A stop that aborts ends what waits for the store.
    CheckpointBook checkpoints() {
        Duration attempt = place.settings().writeTimeout();
        var at =
                new Place(
                        place.store(),
                        place.env(),
                        scope.token(),
                        attempt,
                        Sealing.none(place.env()));
        return new CheckpointBook(at, place.root());
    }

    DbStats stats(Watermarks watermarks) {
        LsmView view = writes.views().current();
        Stream<SstReader> inRuns = view.runs().stream().flatMap(run -> run.tables().stream());
        long sstBytes =
                Stream.concat(view.l0().stream(), inRuns).mapToLong(SstReader::sizeBytes).sum();
        return new DbStats(
                writes.manifest().current().id(),
                writes.manifest().epoch(),
                view.l0().size(),
                view.runs().size(),
                sstBytes,
                view.memtableBytes(),
                view.frozen().size(),
                writes.log().puts(),
                writes.log().bytesPut(),
                writes.flushes(),
                cache.figures(),
                writes.recovered().rowsReplayed(),
                watermarks,
                writes.manifest().conflicts() + workers.conflicts(),
                writes.stalls(),
                workers.compactions(),
                workers.collections(),
                cache.memory().figures(),
                transactions.figures(),
                writes.pins().figures(),
                cache.filters().figures(),
                ingests.figures(),
                StreamMark.figuresIn(writes.manifest().current().manifest()),
                MergeTally.figuresOf(reading.operator()));
    }
}
