package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Views that are taken while commits, flushes and compactions are under way: each shows whole
/// commits, goes on showing them, and every view of one number shows the same.
@Timeout(120)
class ViewRowsTest {
    private static final int SEEDS = 20;
    private static final int COMMITS = 40;
    private static final List<String> KEYS = List.of("a", "b", "c", "d");
    private static final Settings BUSY =
            Scene.TINY.but().compaction(Scene.compacting(Style.TIERED)).build();

    private final Map<Long, SortedMap<String, String>> bySeq = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int committing;

    @Test
    @Tag("RD-02")
    void shouldShowWholeCommitsAndTheSameToAllWhoeverCommitsMeanwhile() {
        Seeds.of("views", SEEDS)
                .forEach(seed -> {
                    var world = new Simulation(seed, Setup.drawn(seed));
                    Scene.tell(world, scene -> new ViewRowsTest().tell(scene, seed));
                });
    }

    private void tell(Scene scene, long seed) throws InterruptedException {
        var machine = scene.machine();
        HoldfastDb db = scene.open(machine, BUSY);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 2; i++) {
            int writer = i;
            committing++;
            threads.add(
                    machine.env().start("writer", () -> guarded(() -> commit(scene, db, writer))));
        }
        for (int i = 0; i < 3; i++)
            threads.add(machine.env().start("viewer", () -> guarded(() -> look(scene, db))));
        for (Thread each : threads) each.join();
        assertEquals(List.of(), wrong, "seed=" + seed);
        assertTrue(COMMITS / 2 < bySeq.size(), "views of " + bySeq.size() + " moments");
        db.close();
    }

    private void guarded(Scene.Deed deed) {
        try {
            deed.run();
        } catch (InterruptedException | RuntimeException | AssertionError broken) {
            wrong.add(String.valueOf(broken));
        }
    }

    // Every commit writes all keys, so what is seen of one is seen of all.
    private void commit(Scene scene, HoldfastDb db, int writer) throws InterruptedException {
        try {
            for (int i = 0; i < COMMITS; i++) {
                var batch = new WriteBatch();
                Bytes value = Bytes.utf8("commit " + i + " of writer " + writer);
                for (String key : KEYS) batch.put(Bytes.utf8(key), value);
                db.write(batch, scene.chance(3) == 0 ? Durability.REMOTE : Durability.MEMORY);
                if (scene.chance(8) == 0) db.flushMemtables();
                scene.world().sleep(Duration.ofMillis(scene.chance(20)));
            }
        } finally {
            committing--;
        }
    }

    private void look(Scene scene, HoldfastDb db) throws InterruptedException {
        long before = 0;
        while (0 < committing) {
            try (ReadView view = db.view()) {
                long seq = view.seq();
                SortedMap<String, String> seen = new TreeMap<>(Scene.contents(view));
                assertTrue(before <= seq, "a view of " + seq + " behind one of " + before);
                before = seq;
                boolean isWhole = seen.isEmpty() || seen.size() == KEYS.size();
                assertTrue(isWhole && seen.values().stream().distinct().count() <= 1, "" + seen);
                SortedMap<String, String> others = bySeq.putIfAbsent(seq, seen);
                if (others != null) assertEquals(others, seen, "views of " + seq);
                scene.world().sleep(Duration.ofMillis(scene.chance(400)));
                assertEquals(seen, Scene.contents(view), "later, in the view of " + seq);
            }
        }
    }
}
