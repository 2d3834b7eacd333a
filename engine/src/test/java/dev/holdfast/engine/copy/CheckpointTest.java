package dev.holdfast.engine.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CheckpointScope;
import dev.holdfast.engine.api.upkeep.Checkpoints;
import dev.holdfast.engine.api.upkeep.StoredCheckpoint;
import dev.holdfast.objectstore.fault.CrashingStore;
import dev.holdfast.objectstore.fault.CrashingStore.Moment;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Checkpoints that people make, on open databases and through the store alone.
@Timeout(120)
class CheckpointTest {
    private static final UUID ID = UUID.fromString("11111111-2222-4333-8444-555555555555");

    private final CopyWorld world = new CopyWorld();

    @Test
    void shouldTakeInAllThatWasCommittedBeforeItWasAskedFor() {
        var model = new TreeMap<String, String>();
        try (HoldfastDb db = world.open("db")) {
            CopyWorld.put(db, model, 0, 50, "early ");
            StoredCheckpoint made =
                    db.checkpoint(CheckpointScope.ALL, CheckpointOptions.lasting().named("one"));
            CopyWorld.put(db, new TreeMap<>(), 0, 50, "late ");
            db.flush();
            try (DbReader reader = world.readerAt("db", made.id())) {
                assertEquals(model, CopyWorld.contents(reader));
            }
            assertEquals("one", made.name());
            assertEquals(0, made.expireSeconds());
        }
    }

    @Test
    void shouldTakeInWhatIsDurableAndWaitForNothing() {
        var model = new TreeMap<String, String>();
        try (HoldfastDb db = world.open("db")) {
            CopyWorld.put(db, model, 0, 5, "durable ");
            db.flush();
            StoredCheckpoint made =
                    db.checkpoint(
                            CheckpointScope.DURABLE,
                            CheckpointOptions.lasting(Duration.ofHours(1)));
            try (DbReader reader = world.readerAt("db", made.id())) {
                assertEquals(model, CopyWorld.contents(reader));
            }
        }
    }

    @Test
    void shouldTakeInTheLogOfADatabaseThatNobodyHasOpen() {
        var model = new TreeMap<String, String>();
        var crashed = new CopyWorld();
        try (HoldfastDb db = world.open("db")) {
            CopyWorld.put(db, model, 0, 50, "value ");
            db.flushMemtables();
            CopyWorld.put(db, model, 40, 70, "logged ");
            db.flush();
            for (String name : world.names("db")) {
                Bytes body = world.store.get(name);
                if (body != null) crashed.store.put(name, List.of(body));
            }
        }
        StoredCheckpoint made = crashed.checkpoints("db").create(CheckpointOptions.lasting());
        try (HoldfastDb db = crashed.open("db")) {
            CopyWorld.put(db, new TreeMap<>(), 0, 70, "after ");
            db.flushMemtables();
        }
        crashed.collect("db");
        try (DbReader reader = crashed.readerAt("db", made.id())) {
            assertEquals(model, CopyWorld.contents(reader));
        }
    }

    @Test
    void shouldStayReadableThroughCompactionsAndCollectionsUntilItEnds()
            throws InterruptedException {
        var model = world.write("db", 0, 100, "first ");
        StoredCheckpoint made =
                world.checkpoints("db").create(CheckpointOptions.lasting(Duration.ofHours(3)));
        for (int round = 0; round < 3; round++) {
            world.write("db", 0, 100, "round " + round + " ");
            world.compact("db");
            world.collect("db"); // takes an hour
            if (round == 2) break;
            try (DbReader reader = world.readerAt("db", made.id())) {
                assertEquals(model, CopyWorld.contents(reader), "round " + round);
            }
        }
        world.collect("db");
        assertEquals(List.of(), world.checkpoints("db").list());
        assertThrows(Invalid.class, () -> world.readerAt("db", made.id()));
    }

    @Test
    void shouldBeRefusedToAReaderOnceItsTimeIsOverThoughNobodyHasTakenItAway() {
        world.write("db", 0, 10, "value ");
        StoredCheckpoint made =
                world.checkpoints("db").create(CheckpointOptions.lasting(Duration.ofMinutes(1)));
        world.env.shift(Duration.ofMinutes(2));
        Closed refused = assertThrows(Closed.class, () -> world.readerAt("db", made.id()));
        assertEquals(Closed.Reason.EXPIRED, refused.reason());
        assertTrue(made.hasEndedAt(world.env.currentTimeMillis()));
        assertThrows(
                Invalid.class,
                () -> world.checkpoints("db").create(CheckpointOptions.lasting().from(made.id())));
    }

    @Test
    void shouldBeListedRefreshedCopiedAndDeleted() {
        var model = world.write("db", 0, 10, "value ");
        Checkpoints book = world.checkpoints("db");
        StoredCheckpoint one = book.create(CheckpointOptions.lasting().named("one").withId(ID));
        world.write("db", 0, 10, "newer ");
        StoredCheckpoint copy =
                book.create(CheckpointOptions.lasting(Duration.ofHours(1)).named("one").from(ID));
        assertEquals(List.of(one, copy), book.list());
        assertEquals(one.manifestId(), copy.manifestId());

        StoredCheckpoint refreshed = book.refresh(ID, Duration.ofMinutes(10));
        long left = refreshed.expireSeconds() - world.env.currentTimeMillis() / 1000;
        assertTrue(595 <= left && left <= 600, "left: " + left);
        assertEquals(0, book.refresh(copy.id(), null).expireSeconds());

        assertTrue(book.delete(ID));
        assertFalse(book.delete(ID));
        try (DbReader reader = world.readerAt("db", copy.id())) {
            assertEquals(model, CopyWorld.contents(reader));
        }
        assertThrows(Invalid.class, () -> book.refresh(ID, Duration.ofMinutes(1)));
        assertThrows(
                Invalid.class,
                () -> book.create(CheckpointOptions.lasting().from(new UUID(0x4000, 1L << 63))));
        assertThrows(Invalid.class, () -> world.checkpoints("no").list());
    }

    /// Whatever call is cut, and whether it was carried out: repeated with its id there is one.
    @Test
    void shouldBeOneHoweverOftenTheCallIsRepeated() {
        world.write("db", 0, 30, "value ");
        int deaths = 0;
        for (Moment moment : Moment.values())
            for (long call = 0; ; call++) {
                MemoryStore copy = world.copy();
                var dying = new CrashingStore(copy, call, moment);
                boolean isDone = isMade(dying);
                dying.landLate();
                StoredCheckpoint made =
                        world.checkpoints(copy, "db")
                                .create(CheckpointOptions.lasting().withId(ID));
                List<StoredCheckpoint> all = world.checkpoints(copy, "db").list();
                assertEquals(List.of(made), all, moment + " at " + call);
                if (isDone) break;
                deaths++;
            }
        assertTrue(10 < deaths, "deaths: " + deaths);
    }

    private boolean isMade(CrashingStore dying) {
        try {
            world.checkpoints(dying, "db").create(CheckpointOptions.lasting().withId(ID));
            return !dying.hasCrashed();
        } catch (StorageException died) {
            return false;
        }
    }

    @Test
    void shouldRefuseATimeThatIsNone() {
        Stream.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(40_000))
                .forEach(each ->
                        assertThrows(
                                IllegalArgumentException.class,
                                () -> CheckpointOptions.lasting(each)));
    }
}
