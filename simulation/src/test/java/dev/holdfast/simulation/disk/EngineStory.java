package dev.holdfast.simulation.disk;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.disk.PlantedDisk.Bug;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A database on a local directory through several lives: each ends with its process killed or the
/// power cut, the last one compares what is there with what was acknowledged.
final class EngineStory {
    private static final int LIVES = 3;
    private static final int WRITERS = 3;
    private static final int KEYS = 20;
    private static final String URL = "file:///data/store";

    private final Simulation simulation;
    private final SimulatedDisk disk;
    private final Bug bug;
    private final DiskFaults faults;
    private final Map<Integer, Integer> acknowledged = new TreeMap<>();
    private final Map<Integer, Integer> asked = new TreeMap<>();
    private final StringBuilder wrong = new StringBuilder();
    private long acknowledgements;
    private int number;
    private boolean wasVerified;

    EngineStory(long seed, Bug bug) {
        this.bug = bug;
        simulation = new Simulation(seed);
        var chance = new SplittableRandom(seed);
        faults = seed % 2 == 0 ? DiskFaults.none() : DiskFaults.drawn(chance);
        disk = new SimulatedDisk(simulation, faults);
        simulation.world().start("director", this::direct);
        simulation.run(Duration.ofHours(2));
        if (!wasVerified) wrong.append("the last life did not come to its end");
    }

    String wrong() {
        return wrong.toString();
    }

    long acknowledged() {
        return acknowledgements;
    }

    Simulation simulation() {
        return simulation;
    }

    private void direct() {
        try {
            for (int life = 0; life < LIVES; life++) liveAndDie(life);
            disk.follow(DiskFaults.none());
            Node last = simulation.node("last");
            last.env().start("verifier", () -> verify(last));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void liveAndDie(int life) throws InterruptedException {
        disk.follow(faults);
        Node node = simulation.node("life " + life);
        long before = acknowledgements;
        long forgotten = forgotten();
        node.env().start("opener", () -> serve(node));
        simulation.world().sleep(Duration.ofMillis(20 + simulation.chance(2_000)));
        // Names that a failed force forgot are still seen by the next process: see the design page.
        boolean mayOnlyBeKilled = forgotten() == forgotten && life < LIVES - 1;
        if (mayOnlyBeKilled && simulation.chance(3) == 0) {
            simulation.reached("process killed");
            node.kill();
        } else {
            if (before < acknowledgements) simulation.reached("power cut under load");
            disk.cutPower();
        }
    }

    private long forgotten() {
        return disk.struck().getOrDefault(DiskFault.NAMES_FORCE_FAILS, 0L);
    }

    private ObjectStore storeFor(Node node) {
        Disk link = new PlantedDisk(disk.connect(node), bug);
        return ObjectStores.open(URL, node.env(), link);
    }

    private static HoldfastDb open(ObjectStore store, Env env) {
        Settings settings =
                Settings.defaults()
                        .but()
                        .l0SstSize(ByteSize.kibibytes(2))
                        .walPutIntervalMin(Duration.ofMillis(1))
                        .build();
        return Engine.builder(store, "db").settings(settings).env(env).open();
    }

    private void serve(Node node) {
        try {
            HoldfastDb db = open(storeFor(node), node.env());
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                node.env().start("writer " + i, () -> write(db, writer, node.env()));
            }
        } catch (StorageException failed) {
            simulation.trace("not opened: " + failed);
        }
    }

    /// Each writer owns its keys, and writes rising numbers to them.
    private void write(HoldfastDb db, int writer, Env env) {
        try {
            for (int turn = 0; turn < 10_000; turn++) {
                int key = writer + WRITERS * simulation.chance(KEYS);
                int value = ++number;
                asked.put(key, value);
                db.write(new WriteBatch().put(keyOf(key), valueOf(value)), Durability.REMOTE);
                acknowledged.put(key, value);
                acknowledgements++;
                simulation.trace("ack " + key + " " + value);
                env.sleep(Duration.ofMillis(simulation.chance(10)));
            }
        } catch (StorageException failed) {
            simulation.trace("writer " + writer + " ends: " + failed.getClass());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void verify(Node node) {
        ObjectStore store = storeFor(node);
        try (HoldfastDb db = open(store, node.env())) {
            for (Map.Entry<Integer, Integer> each : asked.entrySet())
                check(db, each.getKey(), each.getValue());
        } catch (StorageException failed) {
            wrong.append("not opened at last: ").append(failed).append('\n');
        }
        FsckReport report = Engine.fsck(store, "db");
        if (!report.isSound()) wrong.append(report.problems()).append('\n');
        wasVerified = true;
    }

    private void check(HoldfastDb db, int key, int lastAsked) {
        Bytes found = db.get(keyOf(key));
        int least = acknowledged.getOrDefault(key, 0);
        int there = found == null ? 0 : Integer.parseInt(found.toUtf8().strip());
        if (there < least || lastAsked < there)
            wrong.append("%d: acknowledged %d, found %d%n".formatted(key, least, there));
    }

    private static Bytes keyOf(int key) {
        return Bytes.utf8("key" + key);
    }

    private static Bytes valueOf(int number) {
        return Bytes.utf8("%100d".formatted(number));
    }
}
