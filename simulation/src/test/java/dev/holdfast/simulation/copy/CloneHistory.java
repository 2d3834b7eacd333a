package dev.holdfast.simulation.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.api.upkeep.DropRules;
import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/// Databases are written, cloned, united, detached, dropped, compacted and collected, by machines
/// that die at any call to the store; maps tell what must be in each, and at each checkpoint.
public final class CloneHistory implements History {
    private static final int STEPS = 14;
    private static final int KEYS = 12; // of each half
    private static final Duration LIMIT = Duration.ofDays(30);

    @Override
    public String name() {
        return "clones";
    }

    @Override
    public Setup setup(long seed) {
        return Setup.PLAIN;
    }

    @Override
    public void run(Simulation simulation) {
        var isThrough = new boolean[1];
        simulation
                .world()
                .start(
                        "director",
                        () -> {
                            new Story(new CopyScene(simulation)).tell();
                            isThrough[0] = true;
                        });
        simulation.run(LIMIT);
        assertTrue(isThrough[0], () -> "not told to its end. seed=" + simulation.seed());
    }

    /// A checkpoint that somebody reads, and what he must find.
    private record Kept(String path, UUID id, SortedMap<String, String> rows) {}

    /// What is told at one seed.
    private static final class Story {
        private final CopyScene scene;
        private final SortedMap<String, SortedMap<String, String>> models = new TreeMap<>();
        private final List<Kept> kept = new ArrayList<>();
        private int made;

        Story(CopyScene scene) {
            this.scene = scene;
        }

        void tell() {
            for (String path : List.of("low", "high")) {
                models.put(path, new TreeMap<>());
                write(path);
                write(path);
            }
            for (int step = 0; step < STEPS; step++) {
                switch (scene.chance(9)) {
                    case 0 -> write(some());
                    case 1 -> scene.compact(some(), Style.EVERYTHING);
                    case 2, 3 -> copy();
                    case 4 -> unite();
                    case 5 -> detach(some());
                    case 6 -> keep(some());
                    case 7 -> drop(some());
                    default -> collectAll();
                }
                if (scene.chance(2) == 0) collectAll();
                check();
            }
            end();
        }

        private String some() {
            List<String> paths = List.copyOf(models.keySet());
            return paths.get(scene.chance(paths.size()));
        }

        // Each database has keys of its own half, or of both.
        private void write(String path) {
            boolean isLow = !path.equals("high");
            boolean isHigh = !path.equals("low");
            var rows = new TreeMap<String, String>();
            for (int i = 0; i < 1 + scene.chance(8); i++) {
                boolean isInLow = isLow && (!isHigh || scene.chance(2) == 0);
                String key = (isInLow ? "a" : "b") + scene.chance(KEYS);
                rows.put(key, path + " " + scene.chance(1_000_000));
            }
            scene.write(path, rows);
            model(path).putAll(rows);
        }

        private SortedMap<String, String> model(String path) {
            return models.computeIfAbsent(path, _ -> new TreeMap<>());
        }

        private void copy() {
            String from = some();
            boolean isPart = scene.chance(2) == 0;
            CloneSource source = CloneSource.of(from);
            SortedMap<String, String> rows = new TreeMap<>(model(from));
            if (isPart) {
                String start = "a" + scene.chance(KEYS);
                String end = "b" + scene.chance(KEYS);
                source = source.keys(CopyScene.bytes(start), CopyScene.bytes(end));
                rows = new TreeMap<>(rows.subMap(start, end));
            }
            make(List.of(source), rows);
        }

        // Of the halves of two databases, which may be the same.
        private void unite() {
            String low = some();
            String high = some();
            var rows = new TreeMap<>(model(low).headMap("b"));
            rows.putAll(model(high).tailMap("b"));
            make(
                    List.of(
                            CloneSource.of(low).keys(null, CopyScene.bytes("b")),
                            CloneSource.of(high).keys(CopyScene.bytes("b"), null)),
                    rows);
        }

        private void make(List<CloneSource> sources, SortedMap<String, String> rows) {
            String path = "clone" + made++;
            boolean isDone = scene.hazard(clones -> clones.create(path, sources));
            if (!isDone && scene.chance(3) != 0) {
                if (scene.chance(2) == 0) collectAll();
                // Refused if it was begun so long ago that its sources have forgotten it.
                isDone = scene.asked(clones -> clones.create(path, sources));
            }
            if (isDone) {
                models.put(path, rows);
                return;
            }
            if (!scene.names(path).isEmpty())
                scene.ask(clones -> clones.drop(path, DropRules.defaults()));
            assertEquals(List.of(), scene.names(path));
        }

        private void detach(String path) {
            scene.hazard(clones -> clones.detach(path, Duration.ZERO));
            scene.assertSound(path);
        }

        private void keep(String path) {
            UUID id = new UUID(0x4000L | kept.size(), 1L << 63);
            scene.checkpoints(path).create(CheckpointOptions.lasting().withId(id));
            kept.add(new Kept(path, id, new TreeMap<>(model(path))));
        }

        // Refused while a clone or a reader needs it.
        private void drop(String path) {
            if (models.size() < 3) return;
            boolean isNeeded = !scene.checkpoints(path).list().isEmpty();
            boolean isDone = scene.hazard(clones -> clones.drop(path, DropRules.defaults()));
            boolean isLeft = scene.hasManifest(path);
            assertTrue(isLeft || scene.names(path).isEmpty(), "left without a manifest: " + path);
            if (isNeeded && !isDone && scene.isOpen(path)) return;
            if (!isDone && scene.isOpen(path) && scene.chance(2) == 0) return;
            if (!isDone && isLeft)
                isDone = scene.asked(clones -> clones.drop(path, DropRules.defaults()));
            if (!scene.names(path).isEmpty()) return;
            models.remove(path);
            kept.removeIf(each -> each.path().equals(path));
        }

        private void collectAll() {
            scene.sleep(Duration.ofMinutes(6 + scene.chance(20)));
            for (String path : models.keySet()) scene.collect(path);
        }

        private void check() {
            models.forEach((path, rows) -> assertEquals(rows, scene.contents(path), path));
            for (Kept each : kept)
                assertEquals(each.rows(), scene.contentsAt(each.path(), each.id()), each.path());
        }

        // Readers go, everyone stands on its own: then nobody keeps anything for anybody.
        private void end() {
            for (Kept each : kept) scene.checkpoints(each.path()).delete(each.id());
            kept.clear();
            scene.sleep(Duration.ofMinutes(40));
            for (String path : models.keySet()) scene.collect(path);
            // Its own checkpoints for clones hold what it shares: those who were cloned last first.
            for (int round = 0; round < models.size(); round++)
                for (String path : List.copyOf(models.keySet()))
                    scene.ask(clones -> clones.detach(path, Duration.ZERO));
            check();
            scene.sleep(Duration.ofMinutes(1));
            long last = scene.now();
            for (String path : models.keySet()) {
                assertEquals(List.of(), scene.checkpoints(path).list(), path);
                write(path);
                scene.settle(path);
                scene.compact(path, Style.EVERYTHING);
            }
            scene.sleep(Duration.ofHours(1));
            for (String path : models.keySet()) {
                scene.collect(path);
                scene.collect(path);
                scene.assertSound(path);
                // What is as young as the last compaction marks what may be about to be named.
                assertEquals(List.of(), scene.orphans(path, last), path);
            }
            check();
        }
    }
}
