package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Puts, removals and merges, some of which expire, against a model: through flushes, compactions,
/// snapshots, lives, and with a local log.
@Timeout(60)
class MergePropertyTest {
    private static final int KEYS = 12;

    @TempDir Path scratch;

    static LongStream seeds() {
        return Seeds.fresh(6);
    }

    /// What one batch did to one key.
    private record Change(long seq, Bytes key, String kind, String value, long expireAt) {
        boolean isLiveAt(long now) {
            return now < expireAt;
        }
    }

    private final List<Change> changes = new ArrayList<>();
    private final Map<Db.Snapshot, Long> snapshots = new LinkedHashMap<>();
    private final MovableClock clock = new MovableClock(1_000_000);

    private TreeMap<Bytes, Bytes> shown(long seqMax) {
        long now = clock.currentTimeMillis();
        var parts = new TreeMap<Bytes, List<Change>>();
        for (Change each : changes) {
            if (seqMax < each.seq) break;
            List<Change> ofKey = parts.computeIfAbsent(each.key, _ -> new ArrayList<>());
            if (!each.kind.equals("merge")) ofKey.clear();
            ofKey.add(each);
        }
        var shown = new TreeMap<Bytes, Bytes>();
        parts.forEach((key, all) -> {
            var value = new StringBuilder();
            boolean exists = false;
            for (Change each : all) {
                if (each.kind.equals("delete") || !each.isLiveAt(now)) continue;
                exists = true;
                value.append(each.value);
            }
            if (exists) shown.put(key, Bytes.utf8(value.toString()));
        });
        return shown;
    }

    private static TreeMap<Bytes, Bytes> shownBy(Reads reads, Order order) {
        var shown = new TreeMap<Bytes, Bytes>();
        try (Scan scan = reads.scan(KeyRange.all(), order)) {
            while (scan.next()) shown.put(scan.key(), scan.value());
        }
        return shown;
    }

    private void commit(Db db, Random random) {
        var batch = new WriteBatch();
        var fresh = new ArrayList<Change>();
        long seq = db.watermarks().applied() + 1;
        long expireAt =
                random.nextInt(3) == 0
                        ? clock.currentTimeMillis() + 1 + random.nextInt(50)
                        : Long.MAX_VALUE;
        Expiry expiry = expireAt == Long.MAX_VALUE ? Expiry.never() : Expiry.atMillis(expireAt);
        for (int row = 1 + random.nextInt(4); 0 < row; row--) {
            Bytes key = Bytes.utf8("k" + random.nextInt(KEYS));
            String value = seq + (random.nextInt(30) == 0 ? "v".repeat(300) : "") + ".";
            int kind = random.nextInt(10);
            if (kind == 0) batch.delete(key);
            else if (kind == 1) batch.put(key, Bytes.utf8(value), expiry);
            else batch.merge(key, Bytes.utf8(value), expiry);
            String word = kind == 0 ? "delete" : kind == 1 ? "put" : "merge";
            fresh.add(new Change(seq, key, word, value, kind == 0 ? Long.MAX_VALUE : expireAt));
        }
        assertEquals(seq, db.write(batch, Durability.MEMORY));
        changes.addAll(fresh);
    }

    private void check(Db db, String where) {
        long applied = db.watermarks().applied();
        TreeMap<Bytes, Bytes> expected = shown(applied);
        assertEquals(expected, shownBy(db, Order.ASCENDING), where);
        assertEquals(expected, shownBy(db, Order.DESCENDING), where);
        var keys = new ArrayList<Bytes>();
        for (int i = 0; i < KEYS; i++) keys.add(Bytes.utf8("k" + i));
        List<@Nullable Bytes> many = db.multiGet(keys);
        for (int i = 0; i < KEYS; i++) {
            Bytes value = expected.get(keys.get(i));
            assertEquals(value, db.get(keys.get(i)), where);
            assertEquals(value, many.get(i), where);
            assertEquals(value, db.get(keys.get(i), Reads.Options.defaults()), where);
        }
        snapshots.forEach((snapshot, seq) -> {
            assertEquals(shown(seq), shownBy(snapshot, Order.ASCENDING), where + " at " + seq);
            assertEquals(shown(seq), shownBy(snapshot, Order.DESCENDING), where + " at " + seq);
        });
    }

    private void live(HoldfastDb db, Random random, String where) {
        for (int step = 0; step < 150; step++) {
            switch (random.nextInt(20)) {
                case 0 -> db.flushMemtables();
                case 1 -> clock.advance(random.nextInt(30));
                case 2 -> {
                    Db.Snapshot taken = db.snapshot("step " + step, Duration.ofMinutes(5));
                    snapshots.put(taken, db.watermarks().applied());
                }
                case 3 -> {
                    if (snapshots.isEmpty()) break;
                    Db.Snapshot given = snapshots.keySet().iterator().next();
                    given.close();
                    snapshots.remove(given);
                }
                case 4 -> check(db, where + " step=" + step);
                default -> commit(db, random);
            }
        }
        check(db, where + " at the end");
        snapshots.keySet().forEach(Db.Snapshot::close);
        snapshots.clear();
    }

    private static EngineBuilder builder(MemoryStore store, Random random) {
        var compaction = CompactionSettings.defaults().withTableSize(ByteSize.kibibytes(1));
        var settings = RandomSettings.tiny(random).compaction(compaction).build();
        return Engine.builder(store, "db").settings(settings).mergeOperator(TestRow.CONCATENATE);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldEqualAModelThroughManyLives(long seed) {
        var store = new MemoryStore();
        var random = new Random(seed);
        for (int life = 0; life < 4; life++) {
            String where = "seed=" + seed + " life=" + life;
            try (HoldfastDb db = builder(store, random).env(clock).open()) {
                check(db, where + " at the start");
                live(db, random, where);
            }
        }
        assertTrue(Engine.fsck(store, "db").isSound(), "seed=" + seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldEqualAModelAfterTheLocalLogIsReplayed(long seed) {
        var store = new MemoryStore();
        var random = new Random(seed);
        LocalSettings local = LocalSettings.in(scratch).withSegmentSize(ByteSize.kibibytes(64));
        for (int life = 0; life < 4; life++) {
            String where = "seed=" + seed + " life=" + life;
            try (HoldfastDb db = builder(store, random).env(clock).local(local).open()) {
                check(db, where + " at the start");
                live(db, random, where);
                if (random.nextBoolean()) db.shutdown(Mode.FAST, Duration.ofSeconds(10));
            }
        }
    }
}
