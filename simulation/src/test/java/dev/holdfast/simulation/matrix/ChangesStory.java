package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.store.CrashPoint;
import dev.holdfast.simulation.store.StoreFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A consumer that dies again and again at one of its calls, beside writers that are killed, frozen
/// and taken over from, their compactors, and a collector in a hurry.
final class ChangesStory {
    private static final Duration MIN_AGE = Duration.ofSeconds(30);
    private static final Duration SETTLED = Duration.ofMinutes(5);
    private static final int CALLS_MAX = 60;
    private static final Settings BUSY =
            Scene.TINY
                    .but()
                    .compaction(
                            CompactionSettings.defaults()
                                    .withTableSize(ByteSize.bytes(600))
                                    .withJobs(2, 2))
                    .build();

    private final Scene scene;
    private final Map<String, Integer> happened;
    private final CommitChain chain = new CommitChain();
    private final Consumer consumer;
    private final List<HoldfastDb> zombies = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> wrongs = new ArrayList<>();
    private Node writing;
    private boolean isOver;

    /// @param name of the consumer; null for one that nothing is kept for
    ChangesStory(Scene scene, Map<String, Integer> happened, @Nullable String name) {
        this.scene = scene;
        this.happened = happened;
        consumer = new Consumer(scene, chain, name);
    }

    /// Until the consumer has died `deaths` times, and is through.
    void tell(int deaths) throws InterruptedException {
        writeFirst();
        threads.add(scene.world().start("collector", () -> guarded(this::collect)));
        threads.add(scene.world().start("nemesis", () -> guarded(this::disturb)));
        threads.add(scene.world().start("writers", () -> guarded(this::writeOn)));
        while (consumer.died() < deaths && wrongs.isEmpty()) {
            var ways = CrashPoint.Way.values();
            var crash = new CrashPoint(scene.chance(CALLS_MAX), ways[scene.chance(ways.length)]);
            consumer.live(1 + scene.chance(60), crash, Duration.ofMinutes(1));
            note("life of the consumer");
            if (scene.chance(4) == 0) sleep(900);
        }
        isOver = true;
        for (Thread each : threads) each.join();
        if (!wrongs.isEmpty()) throw new AssertionError(wrongs.getFirst());
        // then: all is well again, and it is told of everything
        scene.store().follow(StoreFaults.none());
        scene.world().sleep(SETTLED);
        HoldfastDb db = scene.open(scene.machine(), BUSY);
        int id = chain.begin(lastOf(db));
        db.write(CommitChain.batch(id), Durability.REMOTE);
        consumer.live(Integer.MAX_VALUE, null, Duration.ofMinutes(1));
        assertEquals(id, consumer.last());
        assertEquals(Scene.contents(db), consumer.state());
        db.close();
        happened.merge("commit told", consumer.taken(), Integer::sum);
        happened.merge("death of the consumer", consumer.died(), Integer::sum);
        happened.merge("fresh view", consumer.begunAnew(), Integer::sum);
        assertTrue(Engine.fsck(scene.atRest(), Scene.PATH).isSound());
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

    // A store that is unkind may not let the first one in.
    private void writeFirst() throws InterruptedException {
        for (boolean isWritten = false; !isWritten; ) {
            writing = scene.machine();
            try {
                write(1 + scene.chance(20));
                isWritten = true;
            } catch (Unavailable notNow) {
                note("life cut");
            }
        }
    }

    private void writeOn() throws InterruptedException {
        while (!isOver && wrongs.isEmpty()) {
            writing = scene.machine();
            try {
                write(10 + scene.chance(60));
            } catch (Unavailable | Closed ended) {
                note("life cut");
            }
        }
    }

    private void write(int commits) throws InterruptedException {
        HoldfastDb db = scene.open(writing, BUSY);
        note("life");
        int parent = lastOf(db);
        assertTrue(chain.isBehind(parent, consumer.last()), "told of what is lost");
        zombies.removeIf(this::isToldToEnd);
        try {
            for (int i = 0; i < commits && !isOver; i++) {
                int id = chain.begin(parent);
                boolean isAwaited = scene.chance(2) == 0;
                db.write(CommitChain.batch(id), isAwaited ? Durability.REMOTE : Durability.MEMORY);
                parent = id;
                if (scene.chance(3) == 0) sleep(20);
            }
        } finally {
            if (scene.chance(2) == 0) writing.kill();
            else zombies.add(db);
        }
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

    private static int lastOf(HoldfastDb db) {
        Bytes last = db.get(Bytes.utf8(CommitChain.LAST));
        return last == null ? 0 : Integer.parseInt(last.toUtf8());
    }

    private void collect() throws InterruptedException {
        while (!isOver) {
            sleep(90);
            Node machine = scene.machine();
            try {
                var report = scene.collect(machine, MIN_AGE);
                if (0 < report.logObjects()) note("log collected");
                if (0 < report.tables()) note("tables collected");
            } catch (StorageException notNow) {
                note("not collected");
            }
            machine.kill();
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
