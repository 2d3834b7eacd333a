package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.StandaloneWorker.Manner;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Workers that take parts of the compactions of segments.
@Timeout(120)
class SegmentWorkersTest {
    private static final Env ENV = Env.system();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SEGMENTS = 3;
    private static final int ROWS = 1_000;
    private static final SegmentRules RULES = SegmentRules.by(PrefixExtractor.until((byte) '/'));

    private final MemoryStore store = new MemoryStore();
    private final TreeMap<String, String> model = new TreeMap<>();

    /// A store in which tables take their time.
    private record Slow(Duration perTable) {
        ObjectStore over(ObjectStore inner) {
            return new ForwardingStore(inner) {
                @Override
                public PutResult put(String name, List<Bytes> parts) {
                    if (name.contains("compacted/")) pause(perTable);
                    return super.put(name, parts);
                }
            };
        }
    }

    private static void pause(Duration duration) {
        try {
            ENV.sleep(duration);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private EngineBuilder builder(Duration perTable) {
        var workers = new CompactionSettings.Workers(ByteSize.bytes(1), Duration.ofMillis(100));
        Settings settings =
                Settings.defaults()
                        .but()
                        .blockSize(ByteSize.bytes(256))
                        .collectionInterval(Duration.ZERO)
                        .compaction(
                                CompactionSettings.defaults()
                                        .withStyle(Style.EVERYTHING)
                                        .withTableSize(ByteSize.kibibytes(2))
                                        .withJobs(2, 1)
                                        .withWorkers(workers))
                        .build();
        return Engine.builder(new Slow(perTable).over(store), "db").settings(settings);
    }

    private void fill() {
        Settings quiet = Settings.defaults().but().untended().build();
        try (HoldfastDb db = builder(Duration.ZERO).settings(quiet).segments(RULES).open()) {
            for (int table = 0; table < 3; table++) {
                for (int segment = 0; segment < SEGMENTS; segment++)
                    for (int i = table; i < ROWS; i += 1 + table) {
                        String key = "s%d/%05d".formatted(segment, i);
                        String value = "value %d of %d, filled up".formatted(i, table);
                        db.put(Bytes.utf8(key), Bytes.utf8(value));
                        model.put(key, value);
                    }
                db.flushMemtables();
            }
        }
    }

    @Test
    void shouldShareTheCompactionOfEachSegment() throws InterruptedException {
        fill();
        var manner = Manner.untilStopped("one");
        try (StandaloneWorker worker = builder(Duration.ofMillis(2)).worker(manner)) {
            worker.start();
            Deadline soon = Deadline.after(ENV, PATIENCE);
            while (store.list("db/workers/here/", null, 1).isEmpty() && !soon.isExpired())
                pause(Duration.ofMillis(5));
            EngineBuilder tending = builder(Duration.ofMillis(20)).segments(RULES);
            try (StandaloneCompactor compactor = tending.compactor()) {
                compactor.start();
                compactor.awaitIdle(PATIENCE);

                StandaloneCompactor.Sharing sharing = compactor.progress().sharing();
                assertTrue(SEGMENTS < worker.progress().done(), sharing.toString());
                assertEquals(worker.progress().done(), sharing.byWorkers());
                assertEquals(0, sharing.refused() + sharing.reclaimed(), sharing.toString());
            }
        }
        Manifest manifest =
                Objects.requireNonNull(new ManifestStore(store, "db", ENV).latest()).manifest();
        assertEquals(SEGMENTS, manifest.segments().size());
        for (Segment each : manifest.segments()) {
            assertEquals(List.of(), each.l0());
            assertEquals(1, each.sortedRuns().size());
        }
        try (DbReader db = builder(Duration.ZERO).openReader()) {
            var found = new TreeMap<String, String>();
            try (Scan scan = db.scan(KeyRange.all())) {
                while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
            }
            assertEquals(model, found);
        }
        assertTrue(Engine.fsck(store, "db").isSound());
    }
}
