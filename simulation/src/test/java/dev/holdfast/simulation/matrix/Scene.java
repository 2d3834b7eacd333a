package dev.holdfast.simulation.matrix;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.CompactionSettings.Workers;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CollectionReport;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.gc.Collector;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.Seeds;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFaults;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/// A simulated world in which one story of a fault is told: machines, one store, one database.
final class Scene {
    static final String PATH = "db";

    /// Memtables of a few rows, and nothing cached.
    static final Settings TINY =
            Settings.defaults()
                    .but()
                    .untended()
                    .flushInterval(Duration.ofMillis(20))
                    .l0SstSize(ByteSize.bytes(512))
                    .unflushedMax(ByteSize.kibibytes(2))
                    .blockCacheSize(ByteSize.bytes(1))
                    .filterKeysMin(1)
                    .writeTimeout(Duration.ofSeconds(10))
                    .build();

    private static final int SEEDS = 3;
    private static final Duration COMPACTED = Duration.ofMinutes(5);
    private static final Duration LIMIT = Duration.ofHours(12);

    private final Simulation simulation;
    private final SimulatedStore store;
    private int machines;

    /// What happens in a world.
    interface Story {
        void tell(Scene scene) throws InterruptedException;
    }

    private Scene(long seed, StoreFaults faults) {
        this(new Simulation(seed), faults);
    }

    private Scene(Simulation simulation, StoreFaults faults) {
        this.simulation = simulation;
        store = new SimulatedStore(simulation, faults);
    }

    /// Tells `story` in a few worlds whose store is sound.
    static void tell(String name, Story story) {
        tell(name, StoreFaults.none(), story);
    }

    /// Tells `story` in a few worlds.
    static void tell(String name, StoreFaults faults, Story story) {
        Seeds.of(name, SEEDS).forEach(seed -> new Scene(seed, faults).run(story));
    }

    /// Tells `story` in the world of `simulation`, whose store is sound.
    static void tell(Simulation simulation, Story story) {
        new Scene(simulation, StoreFaults.none()).run(story);
    }

    /// Tells a long `story` in one world.
    static void tellOnce(Story story) {
        new Scene(0, StoreFaults.none()).run(story);
    }

    private void run(Story story) {
        var isThrough = new boolean[1];
        simulation
                .world()
                .start(
                        "director",
                        () -> {
                            unchecked(() -> story.tell(this));
                            isThrough[0] = true;
                        });
        simulation.run(LIMIT);
        if (!isThrough[0])
            throw new AssertionError("it did not come to its end. seed=" + simulation.seed());
    }

    /// What may be interrupted, and is not.
    interface Deed {
        void run() throws InterruptedException;
    }

    static void unchecked(Deed deed) {
        try {
            deed.run();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    Env world() {
        return simulation.world();
    }

    SimulatedStore store() {
        return store;
    }

    ObjectStore atRest() {
        return store.atRest();
    }

    int chance(int bound) {
        return simulation.chance(bound);
    }

    Node machine() {
        return simulation.node("machine " + machines++);
    }

    /// The store as `machine` is served by it, with the patience that programs have.
    ObjectStore link(Node machine) {
        return ObjectStores.patient(store.connect(machine), machine.env());
    }

    HoldfastDb open(Node machine, Settings settings) {
        return open(link(machine), machine, settings);
    }

    HoldfastDb open(ObjectStore link, Node machine, Settings settings) {
        return Engine.builder(link, PATH).settings(settings).env(machine.env()).open();
    }

    /// Removes once what nothing needs and is older than `minAge`.
    CollectionReport collect(Node machine, Duration minAge) throws InterruptedException {
        return collect(link(machine), machine, minAge);
    }

    CollectionReport collect(ObjectStore link, Node machine, Duration minAge)
            throws InterruptedException {
        var rules = new CollectionRules(minAge, CollectionRules.Sweep.REMOVE);
        Token token = Token.standalone(machine.env());
        return new Collector(link, PATH, rules, machine.env(), token).collect();
    }

    /// Compacts in the way of `style` on a machine of its own until there is nothing left to do, in
    /// tables of a few rows; returns how many compactions there were.
    long compact(Style style) throws InterruptedException {
        return compact(style, Duration.ZERO);
    }

    /// The same by a clock that is wrong by `skew`.
    long compact(Style style, Duration skew) throws InterruptedException {
        Settings settings = TINY.but().compaction(compacting(style)).build();
        Node machine = machine();
        machine.skewClock(skew);
        EngineBuilder builder = Engine.builder(link(machine), PATH).env(machine.env());
        try (StandaloneCompactor compactor = builder.settings(settings).compactor()) {
            compactor.start();
            compactor.awaitIdle(COMPACTED);
            return compactor.progress().compactions();
        }
    }

    /// Compaction that finds something to do in a few tables.
    static CompactionSettings compacting(Style style) {
        Duration look = Duration.ofSeconds(2);
        Workers workers = Workers.defaults();
        Duration kept = Duration.ofMinutes(15);
        return new CompactionSettings(
                style, 2, 8, 4, ByteSize.bytes(500), 2, 2, look, workers, kept);
    }

    /// Has what the newest manifest names kept for `time`; returns that manifest.
    ManifestVersion checkpoint(Duration time) throws InterruptedException {
        var manifests = new ManifestStore(atRest(), PATH, world());
        ManifestVersion latest = manifests.latest();
        if (latest == null) throw new AssertionError("no database");
        long now = world().currentTimeMillis() / 1000;
        var id = new UUID(4, latest.id());
        var edit = new ManifestEdit.Checkpointed(id, now, now + time.toSeconds(), null);
        Deadline soon = Deadline.after(world(), Duration.ofSeconds(30));
        var patience = new ManifestStore.Patience(soon, Token.standalone(world()));
        manifests.publish(latest, edit, new Editor.Guest(), patience);
        return latest;
    }

    /// The names of what lies in one folder of the database.
    List<String> names(String folder) {
        return atRest().list(PATH + "/" + folder + "/", null, ObjectStore.LIST_LIMIT_MAX).stream()
                .map(ObjectMeta::name)
                .toList();
    }

    static WriteBatch row(String key, String value) {
        return new WriteBatch().put(Bytes.utf8(key), Bytes.utf8(value));
    }

    /// Writes `count` rows, each its own commit, and notes them in `model`.
    static void write(HoldfastDb db, SortedMap<String, String> model, int count, Durability level) {
        for (int i = 0; i < count; i++) {
            String key = "key" + (model.size() * 7 + i) % 50;
            String value = "value " + i + " of " + model.hashCode();
            db.write(row(key, value), level);
            model.put(key, value);
        }
    }

    static SortedMap<String, String> contents(Reads db) {
        var found = new TreeMap<String, String>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        return found;
    }
}
