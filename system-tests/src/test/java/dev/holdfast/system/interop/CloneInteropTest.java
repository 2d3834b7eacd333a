package dev.holdfast.system.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.api.upkeep.DropRules;
import dev.holdfast.engine.api.upkeep.StoredCheckpoint;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.system.process.SlateDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real SlateDB 0.12.1 opens our checkpoints, clones, parts and unions, and goes on with them.
@Timeout(240)
class CloneInteropTest {
    private static final Settings SETTINGS =
            Settings.defaults().but().untended().filterKeysMin(10).build();
    private static final Map<String, Object> EAGER =
            Map.of("compactor_options.poll_interval", "50ms", "flush_interval", "10ms");

    @TempDir Path folder;
    private final Story story = new Story(17);

    // Tables, and a log behind them: a copy of a database that is open.
    @BeforeEach
    void fill() throws IOException {
        Path live = folder.resolve("live");
        Files.createDirectories(live);
        try (HoldfastDb db = Databases.open(live, SETTINGS)) {
            for (int table = 0; table < 3; table++) {
                story.tell(db, 40);
                db.flushMemtables();
            }
            story.tell(db, 20);
            db.flush();
            Databases.copy(live, folder.resolve("parent"));
        }
    }

    private ObjectStore store() {
        return ObjectStores.open(Databases.url(folder), Env.system());
    }

    private TreeMap<Bytes, Bytes> ours(String path) {
        try (var reader =
                Engine.builder(store(), path).mergeOperator(Databases.CONCATENATE).openReader()) {
            return Databases.rows(reader);
        }
    }

    private HoldfastDb open(String path) {
        return Engine.builder(store(), path)
                .settings(SETTINGS)
                .mergeOperator(Databases.CONCATENATE)
                .open();
    }

    @Test
    void shouldReadOurCheckpointThere() throws IOException {
        var then = new TreeMap<>(story.model());
        StoredCheckpoint made =
                Engine.checkpoints(store(), "parent")
                        .create(CheckpointOptions.lasting(Duration.ofHours(1)).named("interop"));
        try (HoldfastDb db = open("parent")) {
            story.tell(db, 40);
            db.flushMemtables();
        }
        try (SlateDb reader = SlateDb.openReader(folder.resolve("parent"), made.id())) {
            assertEquals(then, reader.scan());
        }
        try (SlateDb reader = SlateDb.openReader(folder.resolve("parent"))) {
            assertEquals(story.model(), reader.scan());
        }
    }

    @Test
    void shouldGoOnWithOurCloneThereAndBack() throws IOException {
        Engine.clones(store()).create("child", List.of(CloneSource.of("parent")));
        try (SlateDb db = SlateDb.openWithDefaults(folder.resolve("child"), EAGER)) {
            assertEquals(story.model(), db.scan());
            for (int table = 0; table < 10; table++) {
                story.tell(db, 20);
                db.flushMemtable();
            }
            assertEquals(story.model(), db.scan());
            db.shutdown();
        }
        assertEquals(story.model(), ours("child"));
        // What SlateDB's compactions and readers keep for a while would hold on to the parent.
        for (UUID each : Engine.clones(store()).detach("child", Duration.ZERO).heldBy())
            Engine.checkpoints(store(), "child").delete(each);
        assertTrue(Engine.clones(store()).detach("child", Duration.ZERO).isDetached());
        Engine.clones(store()).drop("parent", DropRules.defaults().givingUpDependents());
        try (SlateDb db = SlateDb.open(folder.resolve("child"), Map.of("l0_max_ssts", 10_000))) {
            assertEquals(story.model(), db.scan());
        }
    }

    @Test
    void shouldReadOurPartsAndUnionsThere() throws IOException {
        Bytes middle = List.copyOf(story.model().keySet()).get(story.model().size() / 2);
        var low = CloneSource.of("parent").keys(null, middle);
        var high = CloneSource.of("parent").keys(middle, null);
        Engine.clones(store()).create("low", List.of(low));
        Engine.clones(store()).create("union", List.of(low, high));
        for (Map.Entry<String, Map<Bytes, Bytes>> each :
                Map.<String, Map<Bytes, Bytes>>of(
                                "low", story.model().headMap(middle), "union", story.model())
                        .entrySet()) {
            assertEquals(each.getValue(), ours(each.getKey()), each.getKey());
            Path path = folder.resolve(each.getKey());
            // Its DbReader looks for all tables under the database's own root.
            try (SlateDb db = SlateDb.openWithDefaults(path, EAGER)) {
                assertEquals(each.getValue(), db.scan(), each.getKey());
                List<Bytes> keys = story.someKeys();
                List<@Nullable Bytes> values = db.get(keys);
                for (int i = 0; i < keys.size(); i++)
                    assertEquals(each.getValue().get(keys.get(i)), values.get(i), each.getKey());
                db.write(List.of(SlateDb.Row.delete(Bytes.utf8("no such key"))));
                db.flushMemtable();
                assertEquals(each.getValue(), db.scan(), each.getKey());
                db.shutdown();
            }
        }
    }

    @Test
    void shouldShowNothingElseThereOnceItIsBeingDropped() throws IOException {
        var before = new TreeMap<>(story.model());
        var hasty = DropRules.defaults().within(Duration.ofNanos(1));
        Engine.clones(store()).drop("parent", hasty);
        Path parent = folder.resolve("parent");
        assertThrows(AssertionError.class, () -> SlateDb.openReader(parent).close());
        // Its writer does not look at the flag that says so, and finds what the log still has.
        try (SlateDb writer = SlateDb.open(parent, Map.of())) {
            assertTrue(before.entrySet().containsAll(writer.scan().entrySet()));
        }
        assertThrows(Invalid.class, () -> ours("parent"));
        assertTrue(Engine.clones(store()).drop("parent", DropRules.defaults()).isDone());
    }
}
