package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.store.CrashPoint;
import dev.holdfast.simulation.store.CrashPoint.Way;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The consumer of changes: every commit once and in order, wherever it dies.
@Timeout(180)
class ChangesRowsTest {
    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final int RESUMED = 12;
    private static final int RESUMED_LONG = 100;

    private static void requireHappened(Map<String, Integer> happened, String... each) {
        for (String what : each)
            assertTrue(happened.getOrDefault(what, 0) > 0, what + " never happened: " + happened);
    }

    private static StoreFaults unkind() {
        StoreFaults faults = StoreFaults.none();
        for (StoreFault fault : StoreFault.values())
            if (!fault.isCorruption() && fault != StoreFault.NO_ATTRIBUTES)
                faults = faults.with(fault, StoreFaults.usualRate(fault));
        return faults;
    }

    @Test
    void shouldTellEveryCommitOnceWhateverWritersAndCollectorsDo() {
        var happened = new TreeMap<String, Integer>();
        Scene.tell("changes", scene -> new ChangesStory(scene, happened, "index").tell(RESUMED));
        requireHappened(
                happened,
                "death of the consumer",
                "zombie refused",
                "life cut",
                "log collected",
                "tables collected");
    }

    @Test
    void shouldTellEveryCommitOnceWhateverTheStoreDoes() {
        var happened = new TreeMap<String, Integer>();
        Scene.tell(
                "changes",
                unkind(),
                scene -> new ChangesStory(scene, happened, "index").tell(RESUMED));
        requireHappened(happened, "death of the consumer", "tables collected");
    }

    @Test
    void shouldBeginAnewWhereNothingWasKept() {
        var happened = new TreeMap<String, Integer>();
        Scene.tell("changes", scene -> new ChangesStory(scene, happened, null).tell(RESUMED));
        requireHappened(happened, "death of the consumer", "log collected", "fresh view");
    }

    @Test
    @Tag("long")
    void shouldTellEveryCommitOnceThroughAHundredDeaths() {
        var happened = new TreeMap<String, Integer>();
        Scene.tell(
                "changes", scene -> new ChangesStory(scene, happened, "index").tell(RESUMED_LONG));
        Scene.tell(
                "changes",
                unkind(),
                scene -> new ChangesStory(scene, happened, "index").tell(RESUMED_LONG));
        System.out.println("changes: " + happened);
    }

    @Test
    void shouldTellEveryCommitOnceWhereverTheConsumerDies() {
        List<Operation> calls = told(null);
        int points = 0;
        for (int call = 0; call < calls.size(); call++)
            for (Way way : Way.values()) {
                // For a call that changes nothing the other ways are the same as one of these two.
                boolean isSame = way != Way.BEFORE && way != Way.REQUEST_LOST;
                if (isSame && !calls.get(call).isMutation()) continue;
                told(new CrashPoint(call, way));
                points++;
            }
        assertTrue(60 < points, "points " + points);
    }

    // Two writers, tables, a compaction and a collection; then one life of a consumer that meets
    // `crash`, more of all that, and one that is through. Returns what the first life called.
    private static List<Operation> told(@Nullable CrashPoint crash) {
        var calls = new ArrayList<Operation>();
        Scene.tell(
                new Simulation(7),
                scene -> {
                    var chain = new CommitChain();
                    var consumer = new Consumer(scene, chain, "index");
                    int last = write(scene, chain, 0, 6);
                    calls.addAll(consumer.live(3, null, IDLE).calls());
                    calls.clear();
                    last = write(scene, chain, last, 12);
                    scene.compact(Style.EVERYTHING);
                    scene.world().sleep(Duration.ofMinutes(20));
                    scene.collect(scene.machine(), Duration.ofSeconds(30));
                    calls.addAll(consumer.live(1000, crash, IDLE).calls());
                    last = write(scene, chain, last, 5);
                    scene.world().sleep(Duration.ofMinutes(2));
                    scene.collect(scene.machine(), Duration.ofSeconds(30));
                    consumer.live(1000, null, IDLE);
                    assertEquals(last, consumer.last(), "crash=" + crash);
                    assertEquals(23, consumer.taken(), "crash=" + crash);
                });
        return calls;
    }

    private static int write(Scene scene, CommitChain chain, int parent, int commits)
            throws InterruptedException {
        Node machine = scene.machine();
        HoldfastDb db = scene.open(machine, Scene.TINY);
        int last = parent;
        for (int i = 0; i < commits; i++) {
            last = chain.begin(last);
            db.write(CommitChain.batch(last), Durability.REMOTE);
        }
        db.flushMemtables();
        machine.kill();
        return last;
    }
}
