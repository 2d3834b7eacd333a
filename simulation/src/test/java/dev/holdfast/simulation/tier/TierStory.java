package dev.holdfast.simulation.tier;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.disk.DiskFaults;
import dev.holdfast.simulation.disk.SimulatedDisk;
import dev.holdfast.simulation.store.Lifetime;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFaults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A database with a local log through several lives, each of which ends by a [Death]; the last one
/// looks at what is left.
final class TierStory {
    private static final int WRITERS = 2;
    private static final int WRITES = 8; // of each writer in each life
    private static final Duration LIFE_MAX = Duration.ofMinutes(10);

    private final Simulation simulation;
    private final SimulatedDisk disk;
    private final SimulatedStore store;
    private final DiskFaults faults;
    private final List<Death> deaths;
    private final Ledger ledger = new Ledger();
    private final List<Lifetime> lives = new ArrayList<>();
    private final List<Boolean> died = new ArrayList<>();
    private @Nullable BucketCopies copies;
    private @Nullable SegmentRules segments;
    private int directories;
    private boolean isThrough;

    TierStory(Simulation simulation, DiskFaults faults, List<Death> deaths) {
        this.simulation = simulation;
        this.faults = faults;
        this.deaths = deaths;
        disk = new SimulatedDisk(simulation, DiskFaults.none().withSector(faults.sectorBytes()));
        store = new SimulatedStore(simulation, StoreFaults.none());
    }

    /// Tells it to the end. Returns what is wrong, empty if nothing.
    String run() {
        simulation.world().start("director", this::direct);
        simulation.run(Duration.ofHours(4));
        if (!isThrough) ledger.report("it did not come to its end");
        if (!ledger.wrong().isEmpty()) return ledger.wrong();
        FsckReport report = Engine.fsck(store.atRest(), "db");
        if (!report.isSound()) ledger.report("fsck: " + report.problems());
        return ledger.wrong();
    }

    /// Has the bucket copied after every change.
    void copyTo(BucketCopies taking) {
        copies = taking;
    }

    /// Has the database cut into segments.
    TierStory cutBy(SegmentRules rules) {
        segments = rules;
        return this;
    }

    Simulation simulation() {
        return simulation;
    }

    Ledger ledger() {
        return ledger;
    }

    SimulatedDisk disk() {
        return disk;
    }

    /// True if the machine of `life`, from 0, died at the call that it was to die at.
    boolean hasDied(int life) {
        return died.get(life);
    }

    /// How often the machine of `life` called the store.
    int storeCalls(int life) {
        return lives.get(life).calls().size();
    }

    private void direct() {
        try {
            for (Death death : deaths) liveAndDie(death);
            disk.follow(DiskFaults.none());
            store.follow(StoreFaults.none()); // that of another writer is over too
            live("last", Death.inPeace(Death.After.KILL));
            isThrough = true;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void liveAndDie(Death death) throws InterruptedException {
        disk.follow(faults);
        Node node = live("life " + lives.size(), death);
        died.add(node.isDead());
        node.kill();
        store.follow(StoreFaults.none()); // whatever outage there was, it is over
        switch (death.after()) {
            case KILL -> {}
            case POWER_CUT -> cutPower();
            case TABLE_DAMAGED -> damageTable();
            case OTHER_WRITER -> otherWriter();
            case DISK_LOST -> {
                ledger.loseDisk();
                directories++;
            }
        }
    }

    private void cutPower() {
        disk.cutPower();
        simulation.reached("power cut");
    }

    private void damageTable() throws InterruptedException {
        disk.follow(DiskFaults.none());
        Node node = simulation.node("hand");
        var directory = Path.of("/local" + directories);
        var damage =
                new TableDamage(
                        simulation, disk.connect(node, Long.MAX_VALUE), store.atRest(), directory);
        node.env()
                .start(
                        "hand",
                        () -> {
                            try {
                                damage.strike();
                            } catch (DiskException nothingThere) {
                                simulation.trace("no table to damage: " + nothingThere);
                            }
                            node.kill();
                        });
        while (!node.isDead()) simulation.world().sleep(Duration.ofMillis(20));
    }

    private Node live(String name, Death death) throws InterruptedException {
        Node node = simulation.node(name);
        Lifetime lifetime =
                death.storeCall() == null ? Lifetime.unharmed() : Lifetime.until(death.storeCall());
        lives.add(lifetime);
        var life = new Life(name, node, lifetime, death);
        node.env().start("program", life::run);
        // A machine that dies at a call to the disk tells nobody.
        Duration slept = Duration.ZERO;
        while (!life.isOver && !node.isDead() && slept.compareTo(LIFE_MAX) < 0) {
            simulation.world().sleep(Duration.ofMillis(20));
            slept = slept.plusMillis(20);
        }
        if (!life.isOver && !node.isDead()) ledger.report(name + " does not come to its end");
        if (death.storeCall() != null) store.landHeld();
        return node;
    }

    private void otherWriter() throws InterruptedException {
        disk.follow(DiskFaults.none());
        directories++;
        ledger.loseDisk();
        Node node = live("other", Death.inPeace(Death.After.KILL));
        node.kill();
        ledger.loseDisk(); // its disk is not the one that the next life has
        directories--;
        simulation.reached("other writer");
    }

    private void copy() {
        BucketCopies taking = copies;
        if (taking != null) taking.take(store.atRest(), ledger.remoteReported());
    }

    // What is in memory hides what a disk has lost: in every second run no table is.
    private ByteSize blocks() {
        return simulation.seed() % 2 == 0 ? ByteSize.mebibytes(64) : ByteSize.bytes(0);
    }

    private EngineBuilder builder(Node node, Lifetime lifetime, long diskCall) {
        Settings settings =
                Settings.defaults()
                        .but()
                        .l0SstSize(ByteSize.kibibytes(2))
                        .unflushedMax(ByteSize.kibibytes(8))
                        .blockCacheSize(blocks())
                        .flushInterval(Duration.ofMillis(20))
                        .writeTimeout(Duration.ofSeconds(20))
                        .compaction(CompactionSettings.off())
                        .collectionInterval(Duration.ZERO)
                        .build();
        var local =
                new LocalSettings(
                        Path.of("/local" + directories),
                        ByteSize.kibibytes(8),
                        ByteSize.kibibytes(64),
                        Duration.ofMillis(5),
                        ByteSize.bytes(0),
                        new LocalSettings.Shipping(
                                Duration.ofMillis(20),
                                ByteSize.gibibytes(4),
                                Duration.ZERO,
                                LocalSettings.StoreLog.SPARE));
        var watched = new WatchedStore(store.connect(node, lifetime), this::copy);
        var link = ObjectStores.patient(watched, node.env());
        EngineBuilder made =
                Engine.builder(link, "db")
                        .env(node.env())
                        .settings(settings)
                        .local(local, disk.connect(node, diskCall));
        return segments == null ? made : made.segments(segments);
    }

    /// What runs on one machine.
    private final class Life {
        private final String name;
        private final Node node;
        private final Env env;
        private final Lifetime lifetime;
        private final Death death;
        private int writersLeft = WRITERS;
        private volatile boolean isOver;

        Life(String name, Node node, Lifetime lifetime, Death death) {
            this.name = name;
            this.node = node;
            env = node.env();
            this.lifetime = lifetime;
            this.death = death;
        }

        void run() {
            try {
                HoldfastDb db = open();
                ledger.compare(db, name);
                LocalStatus status = db.local();
                if (status != null && 0 < status.replayed()) simulation.reached("tail replayed");
                if (status != null && status.diverged() != null) simulation.reached("kept aside");
                if (status != null && 0 < status.waiting().tables())
                    simulation.reached("tables taken over");
                if (simulation.chance(4) != 0) store.breakDown(outage());
                for (int i = 0; i < WRITERS; i++) {
                    int writer = i;
                    env.start("writer", () -> write(db, writer));
                }
            } catch (StorageException failed) {
                simulation.trace("not opened: " + failed);
                boolean mustOpen = faults.rates().isEmpty() || name.equals("last");
                boolean isFated = death.storeCall() != null;
                if (mustOpen && !isFated) ledger.report(name + " does not open: " + failed);
                isOver = true;
            }
        }

        private Duration outage() {
            return Duration.ofSeconds(simulation.chance(3) == 0 ? 60 : 5);
        }

        // Only a machine with another disk is asked for a word, and only after one that left no
        // word of having drained.
        private HoldfastDb open() {
            EngineBuilder builder = builder(node, lifetime, death.diskCall());
            try {
                return builder.open();
            } catch (StorageException.OwnedElsewhere owned) {
                String mine = "/local" + directories;
                if (owned.owner().directory().equals(mine))
                    ledger.report(name + " is refused its own: " + owned);
                simulation.reached("asked for a word");
                return builder.takeOver().open();
            }
        }

        private void write(HoldfastDb db, int writer) {
            Ledger.Entry first = null;
            try {
                for (int i = 0; i < WRITES; i++) {
                    Ledger.Entry entry = ledger.next(writer);
                    if (first == null) first = entry;
                    Durability level = Durability.values()[simulation.chance(8) / 3];
                    long seq = db.write(new WriteBatch().put(entry.key(), entry.value()), level);
                    entry.acknowledge(seq, level);
                    ledger.reported(db.watermarks());
                    requireReadable(db, simulation.chance(2) == 0 ? entry : first);
                    env.sleep(Duration.ofMillis(simulation.chance(10)));
                }
                if (--writersLeft == 0) end(db);
            } catch (StorageException failed) {
                simulation.trace("writer ends: " + failed);
                simulation.reached("write refused");
                if (--writersLeft <= 0) isOver = true; // below, if the last one failed at the end
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }

        // Of what this life has written nothing may be missing while it goes on.
        private void requireReadable(HoldfastDb db, Ledger.Entry entry) {
            try {
                if (!entry.value().equals(db.get(entry.key())))
                    ledger.report(name + " does not show " + entry);
            } catch (StorageException.CorruptData damaged) {
                ledger.report(name + " shows " + entry + " damaged: " + damaged);
            }
        }

        private void end(HoldfastDb db) {
            switch (simulation.chance(4)) {
                case 0 -> db.flushMemtables();
                case 1 -> {
                    db.shutdown(Mode.FAST, Duration.ofSeconds(2));
                    simulation.reached("stopped in haste");
                }
                case 2 -> db.shutdown(Mode.SMART, Duration.ofSeconds(20));
                default -> {}
            }
            isOver = true;
        }
    }
}
