package dev.holdfast.engine;

import static dev.holdfast.engine.api.Durability.MEMORY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.FilterPolicy;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.filter.Letters;
import dev.holdfast.objectstore.fault.CountingStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Databases whose tables have the filters that an application chooses.
@Timeout(120)
class FilterPolicyTest {
    private static final Settings QUIET =
            Settings.defaults()
                    .but()
                    .untended()
                    .blockSize(ByteSize.bytes(256))
                    .filterKeysMin(1)
                    .build();
    private static final PrefixExtractor USER = PrefixExtractor.until((byte) '/');
    private static final List<FilterPolicy> BY_USER = List.of(FilterPolicy.bloom(10).with(USER));
    private static final int TABLES = 4;

    private final MemoryStore store = new MemoryStore();

    private EngineBuilder builder() {
        return Engine.builder(store, "db").settings(QUIET);
    }

    private EngineBuilder builder(List<FilterPolicy> policies) {
        return builder().filterPolicies(policies);
    }

    // Every table reaches from a/ to z/ and has users of its own between.
    private void fill(List<FilterPolicy> policies) {
        try (HoldfastDb db = builder(policies).open()) {
            for (int table = 0; table < TABLES; table++) {
                var batch = new WriteBatch();
                for (int i = 0; i < 40; i++) {
                    batch.put(Bytes.utf8("a/%03d".formatted(i)), Bytes.utf8("first"));
                    batch.put(Bytes.utf8("m%d/%03d".formatted(table, i)), Bytes.utf8("own"));
                    batch.put(Bytes.utf8("z/%03d".formatted(i)), Bytes.utf8("last"));
                }
                db.write(batch, MEMORY);
                db.flushMemtables();
            }
        }
    }

    private static int count(Reads db, String prefix, Order order) {
        int rows = 0;
        try (Scan scan = db.scan(KeyRange.prefix(Bytes.utf8(prefix)), order)) {
            while (scan.next()) rows++;
        }
        return rows;
    }

    // The first scan brings filters and indexes into memory, in one read a table.
    private static long reads(CountingStore counting, DbReader db, String prefix, int rows) {
        assertEquals(0, count(db, "m9/", Order.ASCENDING));
        long before = counting.calls();
        assertEquals(rows, count(db, prefix, Order.ASCENDING));
        assertEquals(rows, count(db, prefix, Order.DESCENDING));
        return counting.calls() - before;
    }

    private void compact(List<FilterPolicy> policies) throws InterruptedException {
        var all = CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        EngineBuilder how = builder().settings(QUIET.but().compaction(all).build());
        if (!policies.isEmpty()) how.filterPolicies(policies);
        try (StandaloneCompactor compactor = how.compactor()) {
            compactor.start();
            compactor.awaitIdle(Duration.ofSeconds(60));
        }
    }

    @Test
    void shouldReadNoBlockWhenAPrefixIsMissing() {
        fill(BY_USER);
        var counting = new CountingStore(store);
        EngineBuilder reading = Engine.builder(counting, "db").settings(QUIET);
        try (DbReader db = reading.filterPolicies(BY_USER).openReader()) {
            long opened = counting.calls();
            assertEquals(0, count(db, "m7/", Order.ASCENDING));
            assertEquals(TABLES, counting.calls() - opened); // a filter each, and no block
            assertEquals(0, reads(counting, db, "m8/", 0));
            assertTrue(0 < reads(counting, db, "m2/", 40));
        }
        var plain = new CountingStore(store);
        try (DbReader db = Engine.builder(plain, "db").settings(QUIET).openReader()) {
            long opened = plain.calls();
            assertEquals(0, count(db, "m7/", Order.ASCENDING));
            assertTrue(2 * TABLES <= plain.calls() - opened); // an index and a block each
        }
    }

    @Test
    void shouldReadNoBlockOfARunWhenAPrefixIsMissing() throws InterruptedException {
        fill(BY_USER);
        compact(BY_USER);
        var counting = new CountingStore(store);
        EngineBuilder reading = Engine.builder(counting, "db").settings(QUIET);
        try (DbReader db = reading.filterPolicies(BY_USER).openReader()) {
            long opened = counting.calls();
            assertEquals(0, count(db, "m7/", Order.DESCENDING));
            assertEquals(1, counting.calls() - opened);
            assertEquals(0, reads(counting, db, "m8/", 0));
            assertTrue(0 < reads(counting, db, "m2/", 40));
        }
    }

    @Test
    void shouldTellWhatFiltersSaid() {
        fill(BY_USER);
        try (HoldfastDb db = builder(BY_USER).open()) {
            assertEquals(DbStats.Filters.NONE, db.stats().filters());

            count(db, "m7/", Order.ASCENDING);
            assertEquals(new DbStats.Filters.Answers(4, 0, 0), db.stats().filters().prefixes());
            count(db, "m2/", Order.ASCENDING);
            assertEquals(new DbStats.Filters.Answers(7, 1, 0), db.stats().filters().prefixes());

            db.get(Bytes.utf8("m3/001"));
            assertEquals(new DbStats.Filters.Answers(0, 1, 0), db.stats().filters().keys());
            db.get(Bytes.utf8("m3/999"));
            assertEquals(new DbStats.Filters.Answers(4, 1, 0), db.stats().filters().keys());
        }
    }

    @Test
    void shouldTellWhereFiltersAdmittedInVain() {
        // One bit a key: most of what is not there is admitted.
        List<FilterPolicy> weak = List.of(FilterPolicy.bloom(1).with(USER));
        fill(weak);
        try (HoldfastDb db = builder(weak).open()) {
            for (int i = 10; i < 60; i++) {
                assertEquals(0, count(db, "m" + i + "/", Order.ASCENDING));
                assertNull(db.get(Bytes.utf8("m2/9" + i)));
            }
            for (DbStats.Filters.Answers answers :
                    List.of(db.stats().filters().keys(), db.stats().filters().prefixes())) {
                assertEquals(50 * TABLES, answers.denied() + answers.admitted());
                assertTrue(0 < answers.denied());
                assertEquals(answers.admitted(), answers.inVain());
                assertTrue(0 < answers.inVain());
            }
        }
    }

    @Test
    void shouldPassOverFiltersThatAreNotKnown() throws InterruptedException {
        List<FilterPolicy> several =
                List.of(
                        FilterPolicy.bloom(10).over(USER),
                        FilterPolicy.bloom(10).with(PrefixExtractor.fixed(2)),
                        new Letters("letters"));
        fill(several);
        for (List<FilterPolicy> known :
                List.of(List.<FilterPolicy>of(), several, several.subList(1, 2), BY_USER)) {
            try (DbReader db = builder(known).openReader()) {
                assertEquals(40, count(db, "m1/", Order.ASCENDING));
                assertEquals(0, count(db, "m8/", Order.ASCENDING));
                assertEquals(Bytes.utf8("own"), db.get(Bytes.utf8("m3/020")));
            }
        }
        compact(List.of());
        try (HoldfastReader db = builder(several).openReader(ReaderSettings.latest())) {
            assertEquals(40, count(db, "m1/", Order.ASCENDING));
            assertEquals(Bytes.utf8("own"), db.get(Bytes.utf8("m3/020")));
        }
    }

    @Test
    void shouldRefuseTheOlderProfileAndWriteNothing() {
        builder().open().close();
        int objects = store.list("", null, 1000).size();

        assertThrows(Invalid.class, () -> builder(BY_USER).open());
        assertThrows(Invalid.class, () -> compact(BY_USER));
        EngineBuilder older = builder(BY_USER).profile(FormatProfile.SLATEDB_0_12);
        assertThrows(Invalid.class, older::open);

        assertEquals(objects, store.list("", null, 1000).size());
        builder(List.of(FilterPolicy.bloom(12))).open().close();
        builder(List.of()).open().close();
    }

    @Test
    void shouldMakeANewDatabaseOfTheNewerProfile() {
        builder(BY_USER).open().close();
        assertEquals("slatedb-0.15", Engine.profile(store, "db").profile());
    }

    @Test
    void shouldRefusePoliciesThatCannotStandTogether() {
        FilterPolicy one = FilterPolicy.bloom(10);
        FilterPolicy own = new Letters("own");
        var many = new ArrayList<FilterPolicy>();
        for (int i = 0; i < 9; i++) many.add(new Letters("letters " + i));
        for (List<FilterPolicy> wrong :
                List.of(
                        List.of(one, FilterPolicy.bloom(5)),
                        List.of(own, new Letters("own")),
                        List.<FilterPolicy>of(new Letters("_bf:mine")),
                        List.<FilterPolicy>of(new Letters("")),
                        many)) assertThrows(Invalid.class, () -> builder(wrong));
        var manner = StandaloneWorker.Manner.untilStopped("worker");
        assertThrows(Invalid.class, () -> builder(List.of(own)).worker(manner));
    }

    @Test
    void shouldCallAFilterDamagedThatItsPolicyCannotRead() {
        fill(List.of(FilterPolicy.bloom(10), new Letters("letters")));
        FilterPolicy stricter = new Unreadable(new Letters("letters"));
        try (DbReader db = builder(List.of(stricter)).openReader()) {
            var damaged = assertThrows(CorruptData.class, () -> count(db, "m1/", Order.ASCENDING));
            assertTrue(damaged.getMessage().contains("letters"), damaged.getMessage());
        }
    }

    private record Unreadable(Letters inner) implements FilterPolicy {
        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public Maker maker() {
            return inner.maker();
        }

        @Override
        public Filter read(Bytes payload) {
            throw new IllegalArgumentException("another form");
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 6);
    }

    private static Bytes word(SplittableRandom random, int lengthMax) {
        byte[] word = new byte[1 + random.nextInt(lengthMax)];
        for (int i = 0; i < word.length; i++)
            word[i] = (byte) (random.nextInt(5) == 0 ? '/' : 'a' + random.nextInt(3));
        return Bytes.wrap(word);
    }

    private static List<FilterPolicy> policies(SplittableRandom random) {
        var all = new ArrayList<FilterPolicy>();
        int bits = 1 + random.nextInt(12);
        if (random.nextBoolean()) all.add(FilterPolicy.bloom(bits));
        if (random.nextBoolean()) all.add(FilterPolicy.bloom(bits).with(PrefixExtractor.fixed(2)));
        if (random.nextBoolean()) all.add(FilterPolicy.bloom(bits).over(USER));
        if (random.nextBoolean()) all.add(new Letters("letters"));
        return all;
    }

    private static TreeMap<Bytes, Bytes> read(Reads db, KeyRange range, Order order) {
        var found = new TreeMap<Bytes, Bytes>();
        try (Scan scan = db.scan(range, order)) {
            while (scan.next()) found.put(scan.key(), scan.value());
        }
        return found;
    }

    private static NavigableMap<Bytes, Bytes> within(TreeMap<Bytes, Bytes> model, KeyRange range) {
        var all = new TreeMap<Bytes, Bytes>(model);
        all.keySet().removeIf(key -> !range.contains(key));
        return all;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldShowWhatAModelShowsWhateverTheFilters(long seed) throws InterruptedException {
        var random = new SplittableRandom(seed);
        var model = new TreeMap<Bytes, Bytes>();
        builder().profile(FormatProfile.SLATEDB_0_15).open().close();
        for (int life = 0; life < 6; life++) {
            try (HoldfastDb db = builder(policies(random)).open()) {
                for (int step = 0; step < 60; step++) {
                    Bytes key = word(random, 5);
                    Bytes value = Bytes.utf8("v" + life + "." + step);
                    boolean isDelete = random.nextInt(4) == 0;
                    var batch = new WriteBatch();
                    db.write(isDelete ? batch.delete(key) : batch.put(key, value), MEMORY);
                    if (isDelete) model.remove(key);
                    else model.put(key, value);
                    if (random.nextInt(12) == 0) db.flushMemtables();
                    compare(db, model, random, seed);
                }
            }
            if (random.nextBoolean()) compact(policies(random));
        }
        assertFalse(model.isEmpty());
    }

    private static void compare(
            Reads db, TreeMap<Bytes, Bytes> model, SplittableRandom random, long seed) {
        Bytes key = word(random, 5);
        assertEquals(model.get(key), db.get(key), () -> "seed " + seed + " key " + key);
        KeyRange range =
                random.nextBoolean()
                        ? KeyRange.prefix(word(random, 3))
                        : new KeyRange(word(random, 4), word(random, 4));
        Order order = random.nextBoolean() ? Order.ASCENDING : Order.DESCENDING;
        assertEquals(
                within(model, range),
                read(db, range, order),
                () -> "seed " + seed + " " + order + " " + range);
    }
}
