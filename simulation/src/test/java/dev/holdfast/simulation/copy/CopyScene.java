package dev.holdfast.simulation.copy;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.Checkpoints;
import dev.holdfast.engine.api.upkeep.Clones;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.store.CrashPoint;
import dev.holdfast.simulation.store.CrashPoint.Way;
import dev.holdfast.simulation.store.Lifetime;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFaults;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/// A simulated store with many databases, and machines that do one thing each.
final class CopyScene {
    private static final Settings TINY =
            Settings.defaults()
                    .but()
                    .untended()
                    .compaction(CompactionSettings.off())
                    .flushInterval(Duration.ofMillis(20))
                    .l0SstSize(ByteSize.bytes(256))
                    .unflushedMax(ByteSize.kibibytes(2))
                    .blockCacheSize(ByteSize.bytes(1))
                    .filterKeysMin(1)
                    .writeTimeout(Duration.ofSeconds(10))
                    .build();
    private static final CollectionRules RULES =
            new CollectionRules(Duration.ofMinutes(5), Sweep.REMOVE);
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final int CALLS = 60;

    private final Simulation simulation;
    private final SimulatedStore store;
    private int machines;

    CopyScene(Simulation simulation) {
        this.simulation = simulation;
        store = new SimulatedStore(simulation, StoreFaults.none());
    }

    static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }

    int chance(int bound) {
        return simulation.chance(bound);
    }

    void sleep(Duration duration) {
        try {
            simulation.world().sleep(duration);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private Node machine() {
        return simulation.node("machine " + machines++);
    }

    private EngineBuilder builder(String path) {
        Node machine = machine();
        ObjectStore link = ObjectStores.patient(store.connect(machine), machine.env());
        return Engine.builder(link, path).settings(TINY).env(machine.env());
    }

    /// Writes on a machine of its own, which may die right after what it wrote is durable.
    void write(String path, SortedMap<String, String> rows) {
        Node machine = machine();
        ObjectStore link = ObjectStores.patient(store.connect(machine), machine.env());
        HoldfastDb db = Engine.builder(link, path).settings(TINY).env(machine.env()).open();
        rows.forEach((key, value) ->
                db.write(new WriteBatch().put(bytes(key), bytes(value)), Durability.MEMORY));
        db.flush();
        if (chance(2) == 0) db.flushMemtables();
        if (chance(2) == 0) db.close();
        machine.kill();
    }

    /// Brings what is in the log into tables.
    void settle(String path) {
        try (HoldfastDb db = builder(path).open()) {
            db.flushMemtables();
        }
    }

    SortedMap<String, String> contents(String path) {
        try (var reader = builder(path).openReader()) {
            return contents(reader);
        }
    }

    SortedMap<String, String> contentsAt(String path, UUID checkpoint) {
        try (var reader = builder(path).openReader(ReaderSettings.atCheckpoint(checkpoint))) {
            return contents(reader);
        }
    }

    private static SortedMap<String, String> contents(Reads db) {
        var found = new TreeMap<String, String>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        return found;
    }

    /// True if the database can be read.
    boolean isOpen(String path) {
        try {
            contents(path);
            return true;
        } catch (StorageException.Invalid closed) {
            return false;
        }
    }

    void compact(String path, Style style) {
        CompactionSettings compaction =
                CompactionSettings.defaults().withStyle(style).withTableSize(ByteSize.bytes(300));
        Settings settings = TINY.but().compaction(compaction).build();
        try (StandaloneCompactor compactor = builder(path).settings(settings).compactor()) {
            compactor.start();
            compactor.awaitIdle(PATIENCE);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    void collect(String path) {
        builder(path).collect(RULES);
    }

    Checkpoints checkpoints(String path) {
        return builder(path).checkpoints();
    }

    /// Has `deed` done by a machine that no harm befalls.
    void ask(Consumer<Clones> deed) {
        deed.accept(builder("").clones());
    }

    /// The same; false if it was refused.
    boolean asked(Consumer<Clones> deed) {
        try {
            ask(deed);
            return true;
        } catch (StorageException.Conflict refused) {
            return false;
        }
    }

    /// Has `deed` done by a machine that may die at any of its calls to the store. True if it came
    /// to its end.
    boolean hazard(Consumer<Clones> deed) {
        Way[] ways = Way.values();
        var crash = new CrashPoint(chance(CALLS), ways[chance(ways.length)]);
        Lifetime lifetime = Lifetime.until(crash);
        Node machine = machine();
        var isDone = new boolean[1];
        machine.env()
                .start(
                        "deed",
                        () -> {
                            ObjectStore link = store.connect(machine, lifetime);
                            ObjectStore patient = ObjectStores.patient(link, machine.env());
                            try {
                                deed.accept(
                                        Engine.builder(patient, "")
                                                .settings(TINY)
                                                .env(machine.env())
                                                .clones());
                                isDone[0] = true;
                            } catch (StorageException failed) {
                                simulation.trace("failed: " + failed.getMessage());
                            }
                            lifetime.end();
                        });
        if (!lifetime.await(simulation.world(), PATIENCE))
            throw new AssertionError("it does not come to its end");
        machine.kill();
        store.landHeld();
        return isDone[0];
    }

    /// Every object of the database.
    List<String> names(String path) {
        return named(path + "/");
    }

    boolean hasManifest(String path) {
        return !named(path + "/manifest/").isEmpty();
    }

    private List<String> named(String prefix) {
        return store.atRest().list(prefix, null, ObjectStore.LIST_LIMIT_MAX).stream()
                .map(ObjectMeta::name)
                .toList();
    }

    void assertSound(String path) {
        FsckReport report = Engine.fsck(store.atRest(), path);
        if (!report.isSound()) throw new AssertionError(path + ": " + report.problems());
    }

    /// Tables that nothing names and that are older than `beforeMillis`.
    List<String> orphans(String path, long beforeMillis) {
        return Engine.fsck(store.atRest(), path).orphans().stream()
                .filter(name -> timeOf(name) < beforeMillis)
                .toList();
    }

    private static long timeOf(String table) {
        int start = table.lastIndexOf('/') + 1;
        return Ulid.parse(table.substring(start, start + Ulid.TEXT_LENGTH)).timeMillis();
    }

    long now() {
        return simulation.world().currentTimeMillis();
    }
}
