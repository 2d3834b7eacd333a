package dev.holdfast.engine;

import static dev.holdfast.engine.api.Durability.MEMORY;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.DropRules;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.api.upkeep.SegmentRules.Retention;
import dev.holdfast.engine.api.upkeep.UpgradeRules;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Databases that are cut into segments: made so, compacted apart, dropped as a whole.
@Timeout(120)
class SegmentTest {
    private static final Settings QUIET =
            Settings.defaults().but().untended().blockSize(ByteSize.bytes(256)).build();
    private static final SegmentRules BY_DAY = SegmentRules.by(PrefixExtractor.until((byte) '/'));

    private final MemoryStore store = new MemoryStore();

    private EngineBuilder builder(@Nullable SegmentRules rules) {
        EngineBuilder builder = Engine.builder(store, "db").settings(QUIET);
        return rules == null ? builder : builder.segments(rules);
    }

    private static Bytes key(int day, int i) {
        return Bytes.utf8("day%d/%03d".formatted(day, i));
    }

    private static void put(Db db, int day, int from, int to, String value) {
        var batch = new WriteBatch();
        for (int i = from; i < to; i++) batch.put(key(day, i), Bytes.utf8(value));
        db.write(batch, MEMORY);
    }

    private static int rows(Reads db, String prefix) {
        int rows = 0;
        try (Scan scan = db.scan(KeyRange.prefix(Bytes.utf8(prefix)))) {
            while (scan.next()) rows++;
        }
        return rows;
    }

    private Manifest manifest() {
        var newest = new ManifestStore(store, "db", Env.system()).latest();
        assertNotNull(newest);
        return newest.manifest();
    }

    private static List<String> prefixes(Manifest manifest) {
        return manifest.segments().stream().map(each -> each.prefix().toUtf8()).toList();
    }

    private void compact(SegmentRules rules, Style style) throws InterruptedException {
        var how = CompactionSettings.defaults().withStyle(style);
        EngineBuilder builder = builder(rules).settings(QUIET.but().compaction(how).build());
        try (StandaloneCompactor compactor = builder.compactor()) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(60));
        }
    }

    private void fill() {
        try (HoldfastDb db = builder(BY_DAY).open()) {
            for (int flush = 0; flush < 4; flush++) {
                for (int day = flush / 2; day < 3; day++) put(db, day, 0, 50, "flush " + flush);
                db.flushMemtables();
            }
        }
    }

    private int objects() {
        return store.list("", null, 1000).size();
    }

    @Test
    void shouldKeepEachSegmentInTablesOfItsOwn() {
        fill();

        Manifest manifest = manifest();
        assertEquals("until-2f", manifest.segmentExtractorName());
        assertEquals(List.of(), manifest.l0());
        assertEquals(List.of("day0/", "day1/", "day2/"), prefixes(manifest));
        assertEquals(
                List.of(2, 4, 4),
                manifest.segments().stream().map(each -> each.l0().size()).toList());
        assertEquals("slatedb-0.15", Engine.profile(store, "db").profile());
        assertEquals(
                List.of(Bytes.utf8("day0/"), Bytes.utf8("day1/"), Bytes.utf8("day2/")),
                Engine.segments(store, "db"));
        try (DbReader db = builder(null).openReader()) {
            assertEquals(150, rows(db, "day"));
            assertEquals(50, rows(db, "day1/"));
            assertEquals(Bytes.utf8("flush 1"), db.get(key(0, 7)));
            assertEquals(Bytes.utf8("flush 3"), db.get(key(2, 7)));
        }
        assertTrue(Engine.fsck(store, "db").isSound());
    }

    @Test
    void shouldReplayWhatWasNotInTables() {
        HoldfastDb first = builder(BY_DAY).open();
        put(first, 1, 0, 10, "in a table");
        first.flushMemtables();
        put(first, 1, 5, 15, "in the log");
        put(first, 7, 0, 5, "in the log");
        first.flush();

        try (HoldfastDb db = builder(BY_DAY).open()) {
            assertEquals(20, rows(db, "day"));
            assertEquals(Bytes.utf8("in the log"), db.get(key(1, 7)));
            db.flushMemtables();
            assertEquals(List.of("day1/", "day7/"), prefixes(manifest()));
        }
        first.close();
    }

    @Test
    void shouldCompactEachSegmentApart() throws InterruptedException {
        fill();

        compact(BY_DAY, Style.EVERYTHING);

        Set<Long> ids = new HashSet<>();
        for (Segment each : manifest().segments()) {
            assertEquals(List.of(), each.l0());
            assertEquals(1, each.sortedRuns().size());
            for (SortedRun run : each.sortedRuns()) assertTrue(ids.add(run.id()));
            assertNotNull(each.lastCompactedL0());
        }
        assertEquals(List.of(), manifest().sortedRuns());
        try (HoldfastDb db = builder(BY_DAY).open()) {
            assertEquals(150, rows(db, "day"));
            put(db, 1, 0, 50, "later");
            db.flushMemtables();
            assertEquals(Bytes.utf8("later"), db.get(key(1, 7)));
        }
        compact(BY_DAY, Style.EVERYTHING);
        compact(BY_DAY, Style.TIERED);
        try (DbReader db = builder(null).openReader()) {
            assertEquals(150, rows(db, "day"));
            assertEquals(Bytes.utf8("later"), db.get(key(1, 7)));
            assertEquals(Bytes.utf8("flush 3"), db.get(key(2, 7)));
        }
    }

    @Test
    void shouldCompactOnlyTheSegmentThatGrows() throws InterruptedException {
        fill();

        compact(BY_DAY, Style.TIERED);

        List<Integer> l0 = manifest().segments().stream().map(each -> each.l0().size()).toList();
        assertEquals(List.of(2, 0, 0), l0);
    }

    @Test
    void shouldDropSegmentsThatGo() throws InterruptedException {
        fill();
        SegmentRules newest = BY_DAY.retaining(Retention.newest(2));
        long before = tables();

        compact(newest, Style.TIERED);

        try (DbReader db = builder(null).openReader()) {
            assertEquals(100, rows(db, "day"));
            assertNull(db.get(key(0, 7)));
        }
        Segment mark = manifest().segments().getFirst();
        assertEquals("day0/", mark.prefix().toUtf8());
        assertNotNull(mark.lastCompactedL0());
        assertEquals(
                List.of(Bytes.utf8("day1/"), Bytes.utf8("day2/")), Engine.segments(store, "db"));
        // The writer's next flush takes the mark away; a new day pushes the oldest out.
        try (HoldfastDb db = builder(newest).open()) {
            put(db, 3, 0, 10, "new");
            db.flushMemtables();
        }
        assertEquals(List.of("day1/", "day2/", "day3/"), prefixes(manifest()));
        compact(newest, Style.TIERED);
        // What comes late for a day that is gone goes too.
        try (HoldfastDb db = builder(newest).open()) {
            put(db, 0, 0, 10, "late");
            db.flushMemtables();
            assertEquals(10, rows(db, "day0/"));
        }
        compact(newest, Style.TIERED);
        try (DbReader db = builder(null).openReader()) {
            assertEquals(0, rows(db, "day0/"));
            assertEquals(60, rows(db, "day"));
        }
        assertTrue(0 < before);
    }

    private long tables() {
        return store.list("db/compacted/", null, 1000).size();
    }

    @Test
    void shouldDropThemBesideAWriterToo() throws InterruptedException {
        var gone = new ArrayList<Bytes>();
        SegmentRules some =
                BY_DAY.retaining(
                        (segments, _) -> segments.stream().filter(gone::contains).toList());
        var how = CompactionSettings.defaults();
        Settings tended = QUIET.but().compaction(how).build();
        try (HoldfastDb db = builder(some).settings(tended).open()) {
            for (int day = 0; day < 3; day++) put(db, day, 0, 20, "value");
            db.flushMemtables();
            gone.add(Bytes.utf8("day1/"));
            put(db, 2, 20, 30, "value");
            db.flushMemtables();
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (0 < rows(db, "day1/") && System.nanoTime() < end) Thread.onSpinWait();
            assertEquals(0, rows(db, "day1/"));
            assertEquals(50, rows(db, "day"));
            gone.clear();
            put(db, 1, 0, 5, "again");
            db.flushMemtables();
            assertEquals(5, rows(db, "day1/"));
        }
        assertTrue(Engine.fsck(store, "db").isSound());
    }

    @Test
    void shouldCollectWhatNoSegmentNames() throws InterruptedException {
        fill();
        compact(BY_DAY, Style.EVERYTHING);
        var rules = new CollectionRules(Duration.ZERO, CollectionRules.Sweep.REMOVE);

        Engine.collect(store, "db", rules);

        try (HoldfastDb db = builder(BY_DAY).open()) {
            assertEquals(150, rows(db, "day"));
        }
        assertTrue(Engine.fsck(store, "db").isSound());
    }

    @Test
    void shouldTakeIngestsInEachSegment() throws InterruptedException {
        fill();
        var small = Db.Ingest.Options.defaults().withTableSize(ByteSize.kibibytes(1));
        try (HoldfastDb db = builder(BY_DAY).open()) {
            put(db, 2, 0, 3, "before");
            try (Db.Ingest ingest = db.ingest(small)) {
                for (int day = 1; day < 5; day++)
                    for (int i = 0; i < 60; i++) ingest.put(key(day, i), Bytes.utf8("ingested"));
                assertTrue(4 < ingest.commit().tables());
            }
            put(db, 4, 0, 3, "after");
            assertEquals(
                    List.of("day0/", "day1/", "day2/", "day3/", "day4/"), prefixes(manifest()));
            for (Segment each : manifest().segments())
                for (SstView view : each.l0())
                    assertTrue(
                            requireNonNull(view.sst().properties().firstEntry())
                                    .startsWith(each.prefix()));
            assertEquals(Bytes.utf8("ingested"), db.get(key(2, 1)));
            assertEquals(Bytes.utf8("after"), db.get(key(4, 1)));
            assertEquals(50 + 4 * 60, rows(db, "day"));
        }
        compact(BY_DAY, Style.EVERYTHING);
        try (DbReader db = builder(null).openReader()) {
            assertEquals(50 + 4 * 60, rows(db, "day"));
            assertEquals(Bytes.utf8("ingested"), db.get(key(1, 59)));
            assertEquals(Bytes.utf8("flush 1"), db.get(key(0, 7)));
            assertEquals(Bytes.utf8("after"), db.get(key(4, 2)));
        }
        assertTrue(Engine.fsck(store, "db").isSound());
    }

    @Test
    void shouldRefuseKeysThatAreInNoSegment() {
        try (HoldfastDb db = builder(BY_DAY).open()) {
            put(db, 1, 0, 10, "value");
            long seq = db.watermarks().applied();
            var batch = new WriteBatch().put(key(1, 5), Bytes.utf8("2"));
            batch.delete(Bytes.utf8("nowhere"));

            assertThrows(Invalid.class, () -> db.write(batch, MEMORY));
            try (Db.Ingest ingest = db.ingest(Db.Ingest.Options.defaults())) {
                ingest.put(key(1, 5), Bytes.utf8("3"));
                assertThrows(
                        Invalid.class,
                        () -> ingest.put(Bytes.utf8("nowhere"), Bytes.utf8("value")));
            }

            assertEquals(seq, db.watermarks().applied());
            assertEquals(Bytes.utf8("value"), db.get(key(1, 5)));
        }
    }

    @Test
    void shouldRefuseWhoCutsOtherwise() {
        fill();
        int before = objects();
        SegmentRules other = SegmentRules.by(PrefixExtractor.fixed(3));
        SegmentRules lying = SegmentRules.by(new Renamed("until-2f", PrefixExtractor.fixed(3)));
        requireRefused(builder(other));
        requireRefused(builder(lying));
        EngineBuilder older = builder(BY_DAY).profile(FormatProfile.SLATEDB_0_12);
        assertThrows(Invalid.class, older::open);
        assertEquals(before, objects(), "something was written");
        Engine.clones(store).drop("db", DropRules.defaults());
        assertEquals(0, objects());
    }

    private static void requireRefused(EngineBuilder wrong) {
        var everything = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        assertThrows(Invalid.class, wrong::open);
        wrong.settings(QUIET.but().compaction(everything).build());
        try (StandaloneCompactor compactor = wrong.compactor()) {
            assertThrows(Invalid.class, compactor::start);
        }
    }

    @Test
    void shouldBeCutByTheNameOfTheExtractorWhereNothingIsSaid() throws InterruptedException {
        fill();

        try (HoldfastDb db = builder(null).open()) {
            put(db, 5, 0, 20, "later");
            assertThrows(Invalid.class, () -> db.put(Bytes.utf8("nowhere"), Bytes.utf8("1")));
            db.flushMemtables();
        }
        assertEquals(List.of("day0/", "day1/", "day2/", "day5/"), prefixes(manifest()));
        var how = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        EngineBuilder tending = builder(null).settings(QUIET.but().compaction(how).build());
        try (StandaloneCompactor compactor = tending.compactor()) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(60));
        }
        for (Segment each : manifest().segments()) assertEquals(1, each.sortedRuns().size());
        assertEquals(List.of(), manifest().sortedRuns());
        try (DbReader db = builder(null).openReader()) {
            assertEquals(170, rows(db, "day"));
        }
    }

    @Test
    void shouldAskForAnExtractorOfAnApplicationsOwn() {
        SegmentRules own = SegmentRules.by(new Renamed("days", PrefixExtractor.until((byte) '/')));
        try (HoldfastDb db = builder(own).open()) {
            put(db, 1, 0, 5, "value");
        }
        int before = objects();
        requireRefused(builder(null));
        assertThrows(
                Invalid.class, () -> Engine.upgradeProfile(store, "db", UpgradeRules.fencing()));
        assertEquals(before, objects(), "something was written");
        try (HoldfastDb db = builder(own).open()) {
            assertEquals(5, rows(db, "day1/"));
        }
    }

    private record Renamed(String name, PrefixExtractor inner) implements PrefixExtractor {

        @Override
        public int lengthIn(Bytes key) {
            return inner.lengthIn(key);
        }

        @Override
        public int lengthInAll(Bytes beginning) {
            return inner.lengthInAll(beginning);
        }
    }

    @Test
    void shouldRefuseToCutADatabaseThatWasMadeWhole() {
        builder(null).profile(FormatProfile.SLATEDB_0_15).open().close();
        int before = objects();
        assertThrows(Invalid.class, () -> builder(BY_DAY).open());
        assertEquals(before, objects());
    }

    static LongStream seeds() {
        return LongStream.range(0, 8);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldShowWhatAModelShows(long seed) throws InterruptedException {
        var random = new SplittableRandom(seed);
        var model = new TreeMap<Bytes, Bytes>();
        for (int life = 0; life < 5; life++) {
            try (HoldfastDb db = builder(BY_DAY).open()) {
                for (int step = 0; step < 80; step++) {
                    Bytes key = key(random.nextInt(4), random.nextInt(30));
                    Bytes value = Bytes.utf8(life + "." + step);
                    boolean isDelete = random.nextInt(4) == 0;
                    var batch = new WriteBatch();
                    db.write(isDelete ? batch.delete(key) : batch.put(key, value), MEMORY);
                    if (isDelete) model.remove(key);
                    else model.put(key, value);
                    if (random.nextInt(15) == 0) db.flushMemtables();
                }
                compare(db, model, seed);
            }
            Style style = random.nextBoolean() ? Style.EVERYTHING : Style.TIERED;
            if (random.nextBoolean()) compact(BY_DAY, style);
            try (DbReader db = builder(null).openReader()) {
                compare(db, model, seed);
            }
        }
    }

    private static void compare(Reads db, TreeMap<Bytes, Bytes> model, long seed) {
        for (Order order : Order.values()) {
            var found = new TreeMap<Bytes, Bytes>();
            try (Scan scan = db.scan(KeyRange.all(), order)) {
                while (scan.next()) found.put(scan.key(), scan.value());
            }
            assertEquals(model, found, () -> "seed " + seed);
        }
        for (int day = 0; day < 4; day++)
            for (int i = 0; i < 30; i++)
                assertEquals(model.get(key(day, i)), db.get(key(day, i)), () -> "seed " + seed);
    }
}
