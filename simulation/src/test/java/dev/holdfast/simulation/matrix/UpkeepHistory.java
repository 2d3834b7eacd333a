package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.History;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A database is written, compacted, collected and opened anew, on machines with clocks of their
/// own and over a store that now and then keeps other bytes than it was given; a map, views and a
/// checkpoint tell what must be there.
public final class UpkeepHistory implements History {
    private static final int STEPS = 16;
    private static final Duration MIN_AGE = Duration.ofMinutes(5);
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration LIFE = Duration.ofHours(2); // of some rows
    private static final Duration KEPT = Duration.ofHours(9);
    private static final List<Style> STYLES =
            List.of(Style.TIERED, Style.TIERED, Style.LEVELED, Style.EVERYTHING);
    private static final CompactionSettings UNLIKE = unlike();

    private static CompactionSettings unlike() {
        CompactionSettings usual = Scene.compacting(Style.TIERED);
        return new CompactionSettings(
                Style.TIERED,
                usual.sourcesMin(),
                usual.sourcesMax(),
                1.01,
                usual.tableSize(),
                usual.jobsMax(),
                usual.partsMax(),
                usual.pollInterval(),
                usual.workers(),
                usual.replacedKept());
    }

    @Override
    public String name() {
        return "upkeep";
    }

    @Override
    public Setup setup(long seed) {
        return Setup.PLAIN;
    }

    @Override
    public void run(Simulation simulation) {
        Scene.tell(simulation, scene -> new Story(scene).tell());
    }

    /// What is told at one seed.
    private static final class Story {
        private final Scene scene;
        private final SortedMap<String, String> model = new TreeMap<>();
        private final SortedMap<String, Long> ends = new TreeMap<>();
        private HoldfastDb db;
        private Node machine;
        private @Nullable ManifestVersion kept;
        private int commits;

        Story(Scene scene) {
            this.scene = scene;
            machine = scene.machine();
            db = scene.open(machine, Scene.TINY);
        }

        void tell() throws InterruptedException {
            for (int step = 0; step < STEPS; step++) {
                write(1 + scene.chance(20));
                if (scene.chance(3) != 0) db.flushMemtables();
                switch (scene.chance(7)) {
                    case 0, 1 -> compact();
                    case 2 -> race();
                    case 3 -> collect();
                    case 4 -> openAnew();
                    case 5 -> look();
                    default -> keep();
                }
                check();
                scene.world().sleep(Duration.ofMinutes(1 + scene.chance(12)));
            }
            openAnew();
            check();
            FsckReport report = Engine.fsck(scene.atRest(), Scene.PATH);
            assertTrue(report.isSound(), report::toString);
        }

        private void write(int rows) {
            long end = scene.world().currentTimeMillis() + LIFE.toMillis();
            for (int i = 0; i < rows; i++) {
                String key = "key" + scene.chance(12);
                String value = "value " + commits++;
                ends.remove(key);
                model.put(key, value);
                var batch = new WriteBatch();
                switch (scene.chance(4)) {
                    case 0 -> {
                        batch.delete(Bytes.utf8(key));
                        model.remove(key);
                    }
                    case 1 -> {
                        batch.put(Bytes.utf8(key), Bytes.utf8(value), end);
                        ends.put(key, end);
                    }
                    default -> batch.put(Bytes.utf8(key), Bytes.utf8(value));
                }
                boolean isAwaited = i + 1 == rows || scene.chance(3) == 0;
                db.write(batch, isAwaited ? Durability.REMOTE : Durability.MEMORY);
            }
        }

        private void check() {
            long now = scene.world().currentTimeMillis();
            ends.forEach(
                    (key, end) -> model.computeIfPresent(key, (_, v) -> end <= now ? null : v));
            assertEquals(model, Scene.contents(db));
            ManifestVersion promised = kept;
            if (promised == null) return;
            var missing = new HashSet<>(namesIn(promised.manifest()));
            missing.removeAll(names());
            assertEquals(Set.of(), missing, "of manifest " + promised.id());
        }

        private HashSet<String> names() {
            var names = new HashSet<>(scene.names("compacted"));
            names.addAll(scene.names("wal"));
            return names;
        }

        private static List<String> namesIn(Manifest manifest) {
            Stream<SstView> runs = manifest.sortedRuns().stream().flatMap(r -> r.ssts().stream());
            Stream<String> tables =
                    Stream.concat(manifest.l0().stream(), runs)
                            .map(each ->
                                    "%s/compacted/%s.sst".formatted(Scene.PATH, each.sst().id()));
            Stream<String> logs =
                    LongStream.rangeClosed(
                                    manifest.replayAfterWalId() + 1, manifest.walIdLastSeen())
                            .mapToObj(id -> "%s/wal/%020d.sst".formatted(Scene.PATH, id));
            return Stream.concat(tables, logs).toList();
        }

        // On a machine whose clock may be a day ahead, over a store that may keep something else.
        private void compact() throws InterruptedException {
            Node elsewhere = scene.machine();
            elsewhere.skewClock(Duration.ofDays(scene.chance(2)));
            var store = new HookedStore(scene.link(elsewhere));
            boolean isLiar = scene.chance(3) == 0;
            if (isLiar) store.replaceBodies(_ -> List.of(someTable()));
            Style style = STYLES.get(scene.chance(STYLES.size()));
            Settings settings = settings(Scene.compacting(style));
            try (StandaloneCompactor compactor = compactor(elsewhere, store, settings)) {
                compactor.start();
                if (scene.chance(2) == 0)
                    write(5); // so that there is a table that it does not merge
                db.flushMemtables();
                compactor.awaitIdle(IDLE);
            } catch (StorageException refused) {
                assertTrue(isLiar, refused::toString);
            }
        }

        private Bytes someTable() {
            Bytes body = scene.atRest().get(scene.names("compacted").getFirst());
            assertTrue(body != null);
            return body;
        }

        private static Settings settings(CompactionSettings compaction) {
            return Scene.TINY.but().compaction(compaction).build();
        }

        private static StandaloneCompactor compactor(
                Node elsewhere, ObjectStore store, Settings settings) {
            return Engine.builder(store, Scene.PATH)
                    .settings(settings)
                    .env(elsewhere.env())
                    .compactor();
        }

        // One is frozen in the middle, another does the work, and the first one wakes: meanwhile
        // there are runs that have the numbers of its sources.
        private void race() throws InterruptedException {
            scene.compact(Style.EVERYTHING);
            addRuns();
            Node frozen = scene.machine();
            Settings all = settings(Scene.compacting(Style.EVERYTHING));
            StandaloneCompactor slow = compactor(frozen, scene.link(frozen), all);
            frozen.env().start("slow", slow::start);
            scene.world().sleep(Duration.ofMillis(1 + scene.chance(1_000)));
            frozen.pause();
            scene.compact(Style.EVERYTHING);
            addRuns();
            frozen.resume();
            scene.world().sleep(Duration.ofMinutes(1));
            frozen.kill();
        }

        // In runs that are too unlike to be merged.
        private void addRuns() throws InterruptedException {
            for (int run = 0; run < 2; run++) {
                write(5);
                db.flushMemtables();
                write(2);
                db.flushMemtables();
                Node elsewhere = scene.machine();
                try (StandaloneCompactor compactor =
                        compactor(elsewhere, scene.link(elsewhere), settings(UNLIKE))) {
                    compactor.start();
                    compactor.awaitIdle(IDLE);
                }
            }
        }

        // Some rows grow old in the log alone, and the writer may die before they are in tables.
        private void collect() throws InterruptedException {
            write(2);
            scene.world().sleep(MIN_AGE.plusMinutes(1));
            Node elsewhere = scene.machine();
            elsewhere.skewClock(Duration.ofDays(scene.chance(2)));
            scene.collect(elsewhere, MIN_AGE);
            if (scene.chance(2) == 0) openAnew();
        }

        private void openAnew() {
            machine.kill();
            machine = scene.machine();
            db = scene.open(machine, Scene.TINY);
        }

        private void look() throws InterruptedException {
            try (ReadView taken = db.view()) {
                SortedMap<String, String> seen = Scene.contents(taken);
                write(10);
                db.flushMemtables();
                scene.compact(Style.EVERYTHING);
                scene.world().sleep(MIN_AGE.plusMinutes(1));
                scene.collect(scene.machine(), MIN_AGE);
                assertEquals(seen, Scene.contents(taken));
            }
        }

        private void keep() throws InterruptedException {
            kept = scene.checkpoint(KEPT);
        }
    }
}
