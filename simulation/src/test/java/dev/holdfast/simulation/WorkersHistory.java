package dev.holdfast.simulation;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.StandaloneWorker;
import dev.holdfast.engine.StandaloneWorker.Manner;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A compactor and three workers, each on a machine of its own, share one large compaction; they
/// are killed, frozen beyond all beats, woken as zombies, stopped and taken over, in a store that
/// loses replies. What is read before and after must be the same, and nothing may be left over.
public final class WorkersHistory implements History {
    private static final String PATH = "db";
    private static final Duration LIMIT = Duration.ofHours(4);
    private static final Duration BEAT = Duration.ofMillis(200);
    private static final int WORKERS = 3;
    private static final int KEYS = 200;
    private static final int TABLES = 4;

    @Override
    public String name() {
        return "workers";
    }

    @Override
    public void run(Simulation simulation) {
        var run = new Run(simulation);
        simulation
                .world()
                .start(
                        "director",
                        () -> {
                            run.guarded("director", run::direct);
                            run.isLeaving = true;
                        });
        simulation.run(LIMIT);
        if (!run.isThrough) run.wrong.add("it did not come to its end");
        if (!run.wrong.isEmpty())
            throw new AssertionError("seed=" + simulation.seed() + ": " + run.wrong);
    }

    /// One telling of it.
    private static final class Run {
        private final Simulation simulation;
        private final SplittableRandom chance;
        private final SimulatedStore store;
        private final List<String> wrong = new ArrayList<>();
        private boolean isLeaving;
        private boolean isThrough;
        private int machines;
        private int live; // workers' directors that have not ended

        private interface Deed {
            void run() throws InterruptedException;
        }

        Run(Simulation simulation) {
            this.simulation = simulation;
            chance = new SplittableRandom(simulation.seed());
            store = new SimulatedStore(simulation, StoreFaults.none());
        }

        private StoreFaults faults() {
            if (chance.nextInt(3) == 0) return StoreFaults.none();
            StoreFaults drawn = StoreFaults.drawn(chance);
            // Damage that a person must look at ends a compaction, and there is no person here.
            for (StoreFault each :
                    List.of(StoreFault.OTHER_OBJECT, StoreFault.OLD_VERSION, StoreFault.BIT_FLIP))
                drawn = drawn.without(each);
            return drawn.with(StoreFault.REPLY_LOST, 300);
        }

        void guarded(String who, Deed deed) {
            try {
                deed.run();
            } catch (InterruptedException | RuntimeException | AssertionError broken) {
                wrong.add(who + ": " + broken);
            }
        }

        private Node machine(String what) {
            return simulation.node(what + " " + machines++);
        }

        private EngineBuilder builder(Node machine) {
            var link = ObjectStores.patient(store.connect(machine), machine.env());
            return Engine.builder(link, PATH).env(machine.env()).settings(settings());
        }

        private static Settings settings() {
            var workers = new CompactionSettings.Workers(ByteSize.bytes(1), BEAT);
            return Settings.defaults()
                    .but()
                    .blockSize(ByteSize.bytes(128))
                    .blockCacheSize(ByteSize.bytes(1))
                    .collectionInterval(Duration.ZERO)
                    .compaction(
                            CompactionSettings.defaults()
                                    .withStyle(Style.EVERYTHING)
                                    .withTableSize(ByteSize.bytes(200))
                                    .withJobs(2, 1)
                                    .withWorkers(workers))
                    .build();
        }

        void direct() throws InterruptedException {
            SortedMap<String, String> model = fill();
            store.follow(faults());
            for (int i = 0; i < WORKERS; i++) {
                live++;
                simulation.world().start("worker " + i, () -> guarded("workers", this::workers));
            }
            compactThroughTakeovers();
            store.follow(StoreFaults.none());
            compactToTheEnd();
            isLeaving = true;
            while (0 < live) simulation.world().sleep(Duration.ofSeconds(1));
            judge(model);
            isThrough = true;
        }

        private SortedMap<String, String> fill() {
            var model = new TreeMap<String, String>();
            Node machine = machine("writer");
            Settings writing = settings().but().compaction(CompactionSettings.off()).build();
            try (HoldfastDb db = builder(machine).settings(writing).open()) {
                for (int table = 0; table < TABLES; table++) {
                    for (int i = 0; i < KEYS; i++) write(db, model, table);
                    db.flushMemtables();
                }
            }
            return model;
        }

        private void write(HoldfastDb db, SortedMap<String, String> model, int table) {
            String key = "key %04d".formatted(chance.nextInt(KEYS));
            if (chance.nextInt(5) == 0) {
                db.write(new WriteBatch().delete(Bytes.utf8(key)), Durability.MEMORY);
                model.remove(key);
            } else {
                String value = "value %d of table %d".formatted(chance.nextInt(1 << 20), table);
                db.write(
                        new WriteBatch().put(Bytes.utf8(key), Bytes.utf8(value)),
                        Durability.MEMORY);
                model.put(key, value);
            }
        }

        // Each next one begins while the one before is dead, frozen, or still there.
        private void compactThroughTakeovers() throws InterruptedException {
            for (int takeover = chance.nextInt(4); 0 < takeover; takeover--) {
                Node machine = machine("compactor");
                var tally = new Tally();
                Duration patience = Duration.ofMinutes(10);
                machine.env()
                        .start(
                                "compactor",
                                () ->
                                        guarded(
                                                "compactor",
                                                () -> compact(machine, patience, tally)));
                simulation.world().sleep(Duration.ofMillis(200 + chance.nextInt(6_000)));
                if (chance.nextInt(2) == 0) {
                    machine.kill();
                } else {
                    machine.pause();
                    long millis = 1 + chance.nextInt(8_000);
                    simulation
                            .world()
                            .start("waker", () -> guarded("waker", () -> wake(machine, millis)));
                }
                simulation.reached("taken over");
            }
        }

        // One that was frozen while it took over may take over once more.
        private void compactToTheEnd() throws InterruptedException {
            for (int attempt = 0; attempt < 6; attempt++) {
                try {
                    compact(machine("last compactor"), Duration.ofMinutes(30), null);
                    return;
                } catch (Closed fenced) {
                    simulation.reached("fenced by one who woke");
                }
            }
            wrong.add("fenced again and again");
        }

        private void wake(Node machine, long millis) throws InterruptedException {
            simulation.world().sleep(Duration.ofMillis(millis));
            machine.resume();
        }

        /// What was noted of one compactor so far.
        private static final class Tally {
            private boolean isOver;
        }

        private void compact(Node machine, Duration patience, @Nullable Tally taken)
                throws InterruptedException {
            StandaloneCompactor compactor = builder(machine).compactor();
            var watch = new Tally();
            try {
                compactor.start();
                machine.env()
                        .start(
                                "watch",
                                () -> guarded("watch", () -> watch(machine, compactor, watch)));
                compactor.awaitIdle(patience);
                simulation.reached("compacted");
                note(compactor);
                compactor.stop(Mode.SMART, Duration.ofSeconds(30));
            } catch (StorageException failed) {
                if (taken == null) throw failed;
                judge(failed);
            } finally {
                watch.isOver = true;
            }
        }

        private void watch(Node machine, StandaloneCompactor compactor, Tally watch)
                throws InterruptedException {
            while (!watch.isOver) {
                machine.env().sleep(Duration.ofMillis(50));
                note(compactor);
            }
        }

        private void note(StandaloneCompactor compactor) {
            StandaloneCompactor.Sharing sharing = compactor.progress().sharing();
            if (0 < sharing.offered()) simulation.reached("offered");
            if (0 < sharing.byWorkers()) simulation.reached("done by workers");
            if (0 < sharing.reclaimed()) simulation.reached("reclaimed");
            if (0 < sharing.late()) simulation.reached("late");
            if (0 < sharing.resumed()) simulation.reached("resumed");
            if (0 < sharing.refused()) wrong.add("refused what was right");
        }

        private void judge(StorageException failed) {
            boolean isExpected =
                    switch (failed) {
                        case Unavailable _ -> true;
                        case Closed closed -> closed.reason() == Closed.Reason.FENCED;
                        case Invalid _ -> store.faults().rate(StoreFault.STALE_LIST) > 0;
                        // Cut short on the way, twice in a row.
                        case CorruptData _ -> store.faults().rate(StoreFault.TRUNCATED) > 0;
                        default -> false;
                    };
            if (!isExpected) wrong.add("a compactor failed: " + failed);
        }

        /// One worker after another: each is killed, frozen or stopped.
        private void workers() throws InterruptedException {
            while (!isLeaving) {
                Node machine = machine("worker");
                machine.env().start("worker", () -> guarded("worker", () -> work(machine)));
                simulation.world().sleep(Duration.ofMillis(500 + chance.nextInt(5_000)));
                switch (chance.nextInt(4)) {
                    case 0 -> {
                        machine.kill();
                        simulation.reached("worker killed");
                    }
                    case 1, 2 -> freeze(machine);
                    default -> {}
                }
            }
            live--;
        }

        // Beyond all beats; when it wakes it believes that its part is still its own.
        private void freeze(Node machine) throws InterruptedException {
            machine.pause();
            simulation.world().sleep(Duration.ofMillis(1 + chance.nextInt(5_000)));
            machine.resume();
            simulation.reached("worker frozen");
            simulation.world().sleep(Duration.ofMillis(500 + chance.nextInt(2_000)));
        }

        private void work(Node machine) throws InterruptedException {
            Env env = machine.env();
            StandaloneWorker worker = builder(machine).worker(Manner.untilStopped("w"));
            try {
                worker.start();
            } catch (StorageException failed) {
                simulation.reached("worker did not start");
                return;
            }
            for (int i = chance.nextInt(80); 0 < i && !isLeaving; i--) {
                env.sleep(Duration.ofMillis(100));
                if (0 < worker.progress().lost()) simulation.reached("lost");
            }
            worker.stop(Mode.SMART, Duration.ofSeconds(30));
            if (0 < worker.progress().givenBack()) simulation.reached("given back");
        }

        private void judge(SortedMap<String, String> model) throws InterruptedException {
            Node machine = machine("judge");
            try (DbReader db = builder(machine).openReader()) {
                if (!model.equals(contents(db))) wrong.add("other rows than before");
            }
            var manifests = new ManifestStore(store.atRest(), PATH, machine.env());
            Manifest manifest = manifests.latest().manifest();
            if (manifest.sortedRuns().size() != 1 || !manifest.l0().isEmpty())
                wrong.add("not compacted: " + manifest);
            FsckReport report = Engine.fsck(store.atRest(), PATH);
            if (!report.isSound()) wrong.add("fsck: " + report.problems());
            collectAll(machine);
        }

        // After all that was late has arrived, and is old, a collector leaves nothing.
        private void collectAll(Node machine) throws InterruptedException {
            simulation.world().sleep(Duration.ofMinutes(30));
            var rules = new CollectionRules(Duration.ofMinutes(5), CollectionRules.Sweep.REMOVE);
            builder(machine).collect(rules);
            var left = store.atRest().list(PATH + "/workers/", null, 10);
            if (!left.isEmpty()) wrong.add("left over: " + left);
        }

        private static SortedMap<String, String> contents(Reads db) {
            var found = new TreeMap<String, String>();
            try (Scan scan = db.scan(KeyRange.all())) {
                while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
            }
            return found;
        }
    }
}
