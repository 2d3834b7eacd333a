package dev.holdfast.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Db.Ingest.Options;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.CollectionRules.Sweep;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.gc.ShiftedEnv;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.fault.CrashingStore;
import dev.holdfast.objectstore.fault.CrashingStore.Moment;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whoever ingests dies at every call to the store, in every way: then all of it is a commit or
/// none, what was acknowledged before and after is there, and nothing leaks.
@Timeout(300)
class IngestCrashTest {
    private static final Duration MIN_AGE = Duration.ofMinutes(5);
    private static final Settings TINY =
            Settings.defaults()
                    .but()
                    .untended()
                    .compaction(CompactionSettings.off())
                    .flushInterval(Duration.ofMillis(2))
                    .manifestPollInterval(Duration.ofMinutes(1))
                    .l0SstSize(ByteSize.kibibytes(2))
                    .blockSize(ByteSize.bytes(128))
                    .filterKeysMin(1)
                    .build();
    private static final Settings HASTY =
            TINY.but()
                    .writeTimeout(Duration.ofMillis(150))
                    .closeTimeout(Duration.ofMillis(100))
                    .build();
    private static final Options SMALL = Options.defaults().withTableSize(ByteSize.bytes(512));

    private final ShiftedEnv env = new ShiftedEnv();
    private @Nullable SegmentRules segments;

    /// What a client that may die has done, and what it was told of it.
    private final class Client {
        private final SortedMap<String, String> before = new TreeMap<>();
        private final SortedMap<String, String> ingested = new TreeMap<>();
        private final SortedMap<String, String> after = new TreeMap<>();
        private boolean isIngested;

        /// True if it came to its end.
        boolean run(ObjectStore store, Settings settings) {
            HoldfastDb db;
            try {
                db = builder(store, settings).open();
            } catch (StorageException dead) {
                return false;
            }
            try {
                work(db);
                return true;
            } catch (StorageException dead) {
                return false;
            } finally {
                db.shutdown(Mode.IMMEDIATE, Duration.ofMillis(50));
            }
        }

        private void work(HoldfastDb db) {
            for (int i = 0; i < 4; i++) put(db, before, i * 3, "before ");
            db.flushMemtables();
            put(db, before, 5, "in the log ");
            try (Db.Ingest ingest = db.ingest(SMALL)) {
                for (int i = 0; i < 30; i++) {
                    ingest.put(key(i), Bytes.utf8("ingested " + i));
                    ingested.put(key(i).toUtf8(), "ingested " + i);
                    if (i == 15) put(db, before, 7, "meanwhile ");
                }
                ingest.commit();
                isIngested = true;
            }
            put(db, after, 2, "after ");
            put(db, after, 40, "after ");
        }

        private void put(Db db, SortedMap<String, String> acked, int number, String value) {
            String text = value + number;
            db.write(new WriteBatch().put(key(number), Bytes.utf8(text)), Durability.REMOTE);
            acked.put(key(number).toUtf8(), text);
        }

        /// Empty if `found` is what a client that was told so may find, else what is wrong.
        String faultIn(SortedMap<String, String> found) {
            String some = key(29).toUtf8();
            boolean isThere = found.containsKey(some);
            if (isIngested && !isThere) return "an ingest that was acknowledged is gone";
            SortedMap<String, String> expected = new TreeMap<>(before);
            if (isThere) expected.putAll(ingested);
            expected.putAll(after);
            // One write may have been under way.
            SortedMap<String, String> more = new TreeMap<>(found);
            more.entrySet().removeAll(expected.entrySet());
            boolean isOne = more.size() <= 1 && more.values().stream().noneMatch(this::isIngest);
            expected.putAll(more);
            return isOne && expected.equals(found) ? "" : "found " + found + ", not " + expected;
        }

        private boolean isIngest(String value) {
            return value.startsWith("ingested");
        }
    }

    private EngineBuilder builder(ObjectStore store, Settings settings) {
        EngineBuilder made = Engine.builder(store, "db").settings(settings).env(env);
        return segments == null ? made : made.segments(segments);
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key%03d".formatted(number));
    }

    private static SortedMap<String, String> contents(Reads db) {
        var found = new TreeMap<String, String>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        return found;
    }

    @Test
    void shouldLeaveAllOrNothingOfManySegmentsWhereverItDies() {
        segments = SegmentRules.by(PrefixExtractor.fixed(5)); // ten keys each
        shouldLeaveAllOrNothingWhereverItDies();
    }

    @Test
    void shouldLeaveAllOrNothingWhereverItDies() {
        int deaths = 0;
        Moment[] moments = Moment.values();
        for (int call = 0; call < 500; call++) {
            if (!hasDied(call, moments[call % moments.length])) break;
            deaths++;
        }
        System.out.println("deaths: " + deaths);
        assertTrue(30 < deaths, "deaths: " + deaths);
    }

    @Test
    @Tag("long")
    void shouldLeaveAllOrNothingWhereverAndHoweverItDies() {
        for (Moment moment : Moment.values())
            for (int call = 0; call < 500; call++) if (!hasDied(call, moment)) break;
    }

    // False if it came to its end before that call.
    private boolean hasDied(int call, Moment moment) {
        String where = moment + " at " + call;
        var store = new MemoryStore(env);
        var dying = new CrashingStore(store, call, moment);
        var client = new Client();
        boolean isThrough = client.run(dying, HASTY);
        dying.landLate();
        if (names(store, "db/manifest/").isEmpty()) return true;
        try (HoldfastDb db = builder(store, TINY).open()) {
            SortedMap<String, String> found = contents(db);
            assertEquals("", client.faultIn(found), where);
            assertGoesOn(db, found, store, where);
        }
        return !isThrough || dying.hasCrashed();
    }

    private void assertGoesOn(
            HoldfastDb db, SortedMap<String, String> found, MemoryStore store, String where) {
        put(db, found, 50);
        try (Db.Ingest ingest = db.ingest(SMALL)) {
            ingest.put(key(51), Bytes.utf8("next 51"));
            found.put(key(51).toUtf8(), "next 51");
            ingest.commit();
        }
        env.shift(Duration.ofHours(3));
        put(db, found, 52);
        db.flushMemtables();
        Engine.builder(store, "db").env(env).collect(new CollectionRules(MIN_AGE, Sweep.REMOVE));
        assertEquals(found, contents(db), where);
        var report = Engine.fsck(store, "db");
        assertTrue(report.isSound(), () -> where + ": " + report.problems());
    }

    private static void put(HoldfastDb db, SortedMap<String, String> model, int number) {
        db.put(key(number), Bytes.utf8("next " + number));
        model.put(key(number).toUtf8(), "next " + number);
    }

    private static List<String> names(MemoryStore store, String prefix) {
        return store.list(prefix, null, 1000).stream().map(ObjectMeta::name).toList();
    }
}
