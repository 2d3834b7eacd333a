package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.HoldfastReader;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// Readers on machines of their own beside a writer that is killed, frozen and taken over from, its
/// compactor, and a collector in a hurry. Whatever a reader shows must be the state after some
/// commit that is never taken back, and never an earlier one than it has shown before.
final class ReaderStory {
    private static final Duration MIN_AGE = Duration.ofSeconds(30);
    private static final Duration SETTLED = Duration.ofMinutes(5);
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final Settings BUSY =
            Scene.TINY
                    .but()
                    .compaction(
                            CompactionSettings.defaults()
                                    .withTableSize(ByteSize.bytes(600))
                                    .withJobs(2, 2))
                    .build();
    private static final ReaderSettings LATEST =
            ReaderSettings.latest().withPolls(Duration.ofSeconds(1), Duration.ofSeconds(10));

    private final Scene scene;
    private final Map<String, Integer> happened;
    private final Duration length;
    private final boolean isStoreHonest;
    private final CommitChain chain = new CommitChain();
    private final List<Integer> seen = new ArrayList<>();
    private final List<Throwable> wrongs = new ArrayList<>();
    private final List<HoldfastDb> zombies = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private Node writing;
    private boolean isOver;

    /// @param happened counts what was worth telling
    ReaderStory(Scene scene, Map<String, Integer> happened, Duration length) {
        this.scene = scene;
        this.happened = happened;
        this.length = length;
        // Where names or listings may lag, ages mean nothing.
        StoreFaults faults = scene.store().faults();
        isStoreHonest = faults.rate(StoreFault.INVISIBLE) + faults.rate(StoreFault.STALE_LIST) == 0;
    }

    void tell() throws InterruptedException {
        writing = scene.machine();
        write(writing, 3);
        start(scene.machine(), "follower", this::follow);
        start(scene.machine(), "follower", this::follow);
        start(scene.machine(), "scanner", this::scanSlowly);
        start(scene.machine(), "keeper", this::keep);
        start(scene.machine(), "collector", this::collect);
        threads.add(scene.world().start("nemesis", () -> guarded(this::disturb)));
        writeOn();
        // then: all is well again, and everyone comes to the same
        isOver = true;
        for (Thread each : threads) each.join();
        scene.store().follow(StoreFaults.none());
        scene.world().sleep(SETTLED);
        if (!wrongs.isEmpty()) throw new AssertionError(wrongs.getFirst());
        converge();
    }

    private void converge() throws InterruptedException {
        Node reading = scene.machine();
        try (HoldfastReader reader = read(reading, LATEST)) {
            HoldfastDb db = scene.open(scene.machine(), BUSY);
            int id = chain.begin(requireAll(db));
            long seq = db.write(CommitChain.batch(id), Durability.REMOTE);
            reader.awaitSeq(seq, Duration.ofSeconds(30));
            assertEquals(chain.state(id), Scene.contents(reader));
            db.close();
            assertTrue(Engine.fsck(scene.atRest(), Scene.PATH).isSound());
        }
    }

    private void start(Node node, String name, Part part) {
        threads.add(node.env().start(name, () -> guarded(() -> part.play(node))));
    }

    private interface Part {
        void play(Node node) throws InterruptedException;
    }

    private void guarded(Scene.Deed deed) {
        try {
            Scene.unchecked(deed);
        } catch (RuntimeException | Error wrong) {
            wrongs.add(wrong);
        }
    }

    private void note(String what) {
        happened.merge(what, 1, Integer::sum);
    }

    private void sleep(int secondsMax) throws InterruptedException {
        scene.world().sleep(Duration.ofMillis(1 + scene.chance(1_000 * secondsMax)));
    }

    // Life after life.
    private void writeOn() throws InterruptedException {
        long end = scene.world().nanoTime() + length.toNanos();
        while (scene.world().nanoTime() < end && wrongs.isEmpty()) {
            writing = scene.machine();
            try {
                write(writing, 20 + scene.chance(60));
            } catch (Unavailable | Closed ended) {
                note("life cut");
            }
        }
    }

    private void write(Node machine, int commits) throws InterruptedException {
        HoldfastDb db = scene.open(machine, BUSY);
        note("life");
        int parent = requireAll(db);
        zombies.removeIf(this::isToldToEnd);
        try {
            for (int i = 0; i < commits; i++) {
                int id = chain.begin(parent);
                boolean isAwaited = scene.chance(2) == 0;
                db.write(CommitChain.batch(id), isAwaited ? Durability.REMOTE : Durability.MEMORY);
                parent = id;
                if (isAwaited) chain.acked(id, scene.world().nanoTime());
                if (scene.chance(3) == 0) sleep(20);
            }
        } finally {
            if (scene.chance(2) == 0) machine.kill();
            else zombies.add(db);
        }
    }

    // What was acknowledged or shown is there.
    private int requireAll(HoldfastDb db) {
        int parent = lastOf(db);
        int acked = chain.ackedBy(scene.world().nanoTime());
        assertTrue(chain.isBehind(parent, acked), acked + " was lost, there is " + parent);
        for (int shown : List.copyOf(seen))
            assertTrue(chain.isBehind(parent, shown), shown + " was shown, and is lost");
        return parent;
    }

    private boolean isToldToEnd(HoldfastDb zombie) {
        int id = chain.begin(0);
        try {
            zombie.write(CommitChain.batch(id), Durability.REMOTE);
        } catch (Closed ended) {
            note("zombie refused");
            return true;
        } catch (Unavailable frozen) {
            return false;
        }
        throw new AssertionError("a zombie was acknowledged");
    }

    private static int lastOf(Reads reads) {
        Bytes last = reads.get(Bytes.utf8(CommitChain.LAST));
        return last == null ? 0 : Integer.parseInt(last.toUtf8());
    }

    private HoldfastReader read(Node node, ReaderSettings settings) throws InterruptedException {
        while (true) {
            try {
                return Engine.builder(scene.link(node), Scene.PATH)
                        .settings(BUSY)
                        .env(node.env())
                        .openReader(settings);
            } catch (Unavailable notNow) {
                note("reader not opened");
                sleep(10);
            }
        }
    }

    private void follow(Node node) throws InterruptedException {
        while (!isOver) {
            int shown = 0;
            try (HoldfastReader reader = read(node, LATEST)) {
                for (int i = 0; i < 50 && !isOver; i++) {
                    sleep(60);
                    shown = look(reader, shown);
                }
            }
            note("reader closed");
        }
    }

    private int look(HoldfastReader reader, int before) throws InterruptedException {
        long call = scene.world().nanoTime();
        DbReader.Status status = reader.status();
        try (ReadView view = reader.view()) {
            int shown = lastOf(view);
            requireLater(shown, before);
            if (isStoreHonest) requireYoung(shown, call, status);
            Order order = scene.chance(2) == 0 ? Order.ASCENDING : Order.DESCENDING;
            assertEquals(chain.state(shown), scanned(view, order, 0));
            int next = lastOf(reader);
            requireLater(next, shown);
            note("looked");
            if (shown != before) note("moved on");
            return next;
        } catch (Unavailable notNow) {
            note("look failed");
        } catch (Conflict gone) {
            note("view gone");
        }
        return before;
    }

    private void requireLater(int shown, int before) {
        assertTrue(chain.isBehind(shown, before), shown + " was shown after " + before);
        if (shown != 0 && !seen.contains(shown)) seen.add(shown);
    }

    // The reader says how old what it shows may be.
    private void requireYoung(int shown, long call, DbReader.Status status) {
        if (length.compareTo(status.age()) < 0) return; // it has not come to the end yet
        int acked = chain.ackedBy(call - status.age().toNanos());
        assertTrue(chain.isBehind(shown, acked), "not shown in " + status.age() + ": " + acked);
        if (status.age().compareTo(Duration.ofSeconds(15)) < 0) note("young");
    }

    private Map<String, String> scanned(Reads reads, Order order, int secondsMax)
            throws InterruptedException {
        var found = new TreeMap<String, String>();
        try (Scan scan = reads.scan(KeyRange.all(), order)) {
            while (scan.next()) {
                found.put(scan.key().toUtf8(), scan.value().toUtf8());
                if (0 < secondsMax && scene.chance(4) == 0) sleep(secondsMax);
            }
        }
        return found;
    }

    private void scanSlowly(Node node) throws InterruptedException {
        try (HoldfastReader reader = read(node, LATEST)) {
            while (!isOver) {
                try (ReadView view = reader.view()) {
                    int shown = lastOf(view);
                    requireLater(shown, 0);
                    int secondsMax = scene.chance(2) == 0 ? 60 : 1200;
                    assertEquals(chain.state(shown), scanned(view, Order.ASCENDING, secondsMax));
                    note("slow scan");
                } catch (Unavailable notNow) {
                    note("slow scan failed");
                    sleep(10);
                } catch (Conflict gone) {
                    note("slow scan gone");
                }
            }
        }
    }

    private void keep(Node node) throws InterruptedException {
        while (!isOver) {
            try (HoldfastReader reader = read(node, ReaderSettings.heldCheckpoint(LIFETIME))) {
                int shown = -1;
                for (int i = 0; i < 10 && !isOver; i++) {
                    shown = lookAgain(reader, shown);
                    sleep(300);
                }
                if (0 <= shown) lookThere(node, reader.status().checkpoint());
            } catch (Closed expired) {
                // It can only have ended while nobody could extend it.
                assertEquals(Closed.Reason.EXPIRED, expired.reason());
                note("checkpoint lost");
            }
        }
    }

    private int lookAgain(HoldfastReader reader, int before) {
        try {
            int shown = lastOf(reader);
            requireLater(shown, 0);
            assertTrue(before < 0 || before == shown, "moved from " + before + " to " + shown);
            assertEquals(chain.state(shown), Scene.contents(reader));
            note("kept");
            return shown;
        } catch (Unavailable notNow) {
            note("kept, not read");
            return before;
        }
    }

    private void lookThere(Node node, UUID checkpoint) throws InterruptedException {
        try (HoldfastReader there = read(node, ReaderSettings.atCheckpoint(checkpoint))) {
            int shown = lastOf(there);
            requireLater(shown, 0);
            assertEquals(chain.state(shown), Scene.contents(there));
            note("checkpoint read");
        } catch (StorageException.Invalid | Unavailable gone) {
            note("checkpoint not read");
        }
    }

    private void collect(Node node) throws InterruptedException {
        while (!isOver) {
            sleep(90);
            try {
                if (0 < scene.collect(node, MIN_AGE).tables()) note("tables collected");
            } catch (StorageException notNow) {
                note("not collected");
            }
        }
    }

    private void disturb() throws InterruptedException {
        while (!isOver) {
            sleep(400);
            Node machine = writing;
            switch (scene.chance(3)) {
                case 0 -> machine.kill();
                case 1 -> {
                    machine.pause();
                    sleep(180);
                    machine.resume();
                }
                default -> scene.store().breakDown(Duration.ofSeconds(1 + scene.chance(60)));
            }
        }
    }
}
