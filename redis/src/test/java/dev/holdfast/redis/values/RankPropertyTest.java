package dev.holdfast.redis.values;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.keyspace.Collection;
import dev.holdfast.redis.keyspace.Home;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.keyspace.MemberRow;
import dev.holdfast.redis.keyspace.TestEnv;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Compares the ranks of a large sorted set with those of a sorted list.
class RankPropertyTest {
    private static final Bytes KEY = Bytes.utf8("zset");
    private static final int CHANGES = 6_000;
    private static final int MEMBERS = 4_000;
    private static final int WRITERS = 4;
    private static final int CHANGES_OF_A_WRITER = 2_500;

    private static final int QUEUED = 40_000; // more than one stretch of the upper level

    private final Map<Bytes, Double> model = new HashMap<>();

    /// How members come and go.
    enum Story {
        /// At the end, and from the beginning.
        QUEUE,
        /// At the beginning, and from the end.
        STACK,
        /// Anywhere.
        SCATTERED
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepStretchesNeitherLongNorNearlyEmpty(Story story) throws Exception {
        // given
        long seed = Long.getLong("rank.seed", 20_261_122);
        var random = new Random(seed);
        Keyspaces keyspaces = Keyspaces.open(new FakeDb(), new TestEnv(seed));
        List<Scored> all = new ArrayList<>();
        for (int i = 0; i < QUEUED; i++) all.add(member(story, i, random));
        // when they come
        for (int i = 0; i < QUEUED; i += 100) {
            List<Scored> some = all.subList(i, i + 100);
            keyspaces.execute(0, space -> put(space, some));
        }
        // then
        requireCounts(keyspaces, QUEUED);
        // when most of them go, and a few come
        int left = QUEUED / 50;
        for (int i = 0; i < QUEUED - left; i += 100) {
            List<Scored> some = all.subList(i, i + 100);
            keyspaces.execute(0, space -> remove(space, some));
            if (i % 5000 == 0) requireCounts(keyspaces, QUEUED - i - 100);
        }
        // then
        requireCounts(keyspaces, left);
        // when the last go
        List<Scored> last = all.subList(QUEUED - left, QUEUED - 1);
        keyspaces.execute(0, space -> remove(space, last));
        requireCounts(keyspaces, 1);
    }

    @Test
    void shouldLookAtOneStretchAloneWhenItIsCut() throws Exception {
        // given
        var db = new FakeDb();
        Keyspaces keyspaces = Keyspaces.open(db, new TestEnv(1));
        List<Scored> all = new ArrayList<>();
        for (int i = 0; i < QUEUED; i += 4) all.add(member(Story.QUEUE, i, new Random(1)));
        keyspaces.execute(0, space -> put(space, all));
        // when
        db.measureScans();
        for (int i = 0; i < 2_000; i++) {
            Scored between = member(Story.QUEUE, i + i / 3 + 1, new Random(1));
            keyspaces.execute(0, space -> put(space, List.of(between)));
        }
        // then
        long widest = db.measureScans();
        assertTrue(0 < widest && widest < 1_000, "rows " + widest);
        requireCounts(keyspaces, QUEUED / 4 + 2_000);
    }

    private static Scored member(Story story, int number, Random random) {
        double score =
                switch (story) {
                    case QUEUE -> number;
                    case STACK -> -number;
                    case SCATTERED -> random.nextInt(1000);
                };
        return new Scored(Bytes.utf8("m" + number), score);
    }

    private static int put(Keyspace keyspace, List<Scored> members) {
        RedisZset zset = zset(keyspace);
        for (Scored each : members) zset.put(each.member(), each.score());
        zset.save();
        return members.size();
    }

    private static int remove(Keyspace keyspace, List<Scored> members) {
        RedisZset zset = zset(keyspace);
        for (Scored each : members) zset.remove(each.member());
        zset.save();
        return members.size();
    }

    private static void requireCounts(Keyspaces keyspaces, long members) throws Exception {
        keyspaces.execute(
                0,
                keyspace -> {
                    Map<Bytes, Long> lower = counts(keyspace, 0);
                    Map<Bytes, Long> upper = counts(keyspace, 1);
                    assertEquals(members, sum(lower));
                    assertEquals(members, sum(upper));
                    assertTrue(lower.keySet().containsAll(upper.keySet()));
                    for (long count : lower.values()) assertTrue(count <= 256, "lower " + count);
                    for (long count : upper.values()) assertTrue(count <= 32_768, "upper " + count);
                    // Two neighbours are seldom shorter than one.
                    long most = 2 + 2 * upper.size() + members / 48;
                    assertTrue(lower.size() <= most, lower.size() + " of " + members);
                    assertTrue(upper.size() <= 2 + members / 6_000, upper + " of " + members);
                    return 0;
                });
    }

    private static long sum(Map<Bytes, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    // By where the stretch begins.
    private static Map<Bytes, Long> counts(Keyspace keyspace, int level) {
        Map<Bytes, Long> found = new HashMap<>();
        Collection rows = keyspace.collectionAt(KEY, KeyType.ZSET);
        try (Collection.Rows each = rows.rows(MemberRow.counts(level), Order.ASCENDING)) {
            while (each.next()) {
                Bytes begin = each.name().slice(2, each.name().length());
                found.put(Bytes.wrap(begin.toArray()), each.value().toBuffer().getLong());
            }
        }
        return found;
    }

    @Test
    void shouldFindTheRankOfAWalkWhenMembersCameAndWent() throws Exception {
        // given
        long seed = Long.getLong("rank.seed", System.nanoTime());
        var random = new Random(seed);
        Keyspaces keyspaces = Keyspaces.open(new FakeDb(), new TestEnv(seed));
        // when
        for (int i = 0; i < CHANGES; i += 10)
            keyspaces.execute(0, keyspace -> change(keyspace, random));
        // then
        List<Scored> sorted =
                model.entrySet().stream()
                        .map(each -> new Scored(each.getKey(), each.getValue()))
                        .sorted()
                        .toList();
        assertEquals(sorted, keyspaces.execute(0, RankPropertyTest::walked).result(), "" + seed);
        for (int i = 0; i < sorted.size(); i += 37) {
            int rank = i;
            Scored expected = sorted.get(rank);
            long found =
                    keyspaces.execute(0, space -> zset(space).rank(expected.member())).result();
            assertEquals(rank, found, "seed=" + seed);
            Scored at = keyspaces.execute(0, space -> at(space, rank)).result();
            assertEquals(expected, at, "seed=" + seed);
        }
    }

    @ParameterizedTest
    @EnumSource(Home.Kind.class)
    void shouldFindTheRankOfAWalkWhenManyHaveChangedTheSetAtOnce(Home.Kind kind) throws Exception {
        long seed = Long.getLong("rank.seed", 20_260_003);
        try (Home home = kind.build()) {
            // given
            Keyspaces keyspaces = Keyspaces.open(home.db(), new TestEnv(seed));
            // when
            List<Callable<Integer>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int own = i;
                writers.add(() -> write(keyspaces, own, new Random(seed + own)));
            }
            try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
                for (Future<Integer> writer : threads.invokeAll(writers)) writer.get();
            }
            // then
            List<Scored> sorted = keyspaces.execute(0, RankPropertyTest::walked).result();
            for (int i = 0; i < sorted.size(); i += 11) {
                Scored member = sorted.get(i);
                long found =
                        keyspaces.execute(0, space -> zset(space).rank(member.member())).result();
                assertEquals(i, found, "seed=" + seed);
            }
            long count = keyspaces.execute(0, space -> zset(space).count()).result();
            assertEquals(sorted.size(), count, "seed=" + seed);
        }
    }

    // Runs that fail in between take back what they did, what they know of the set too.
    private static int write(Keyspaces keyspaces, int own, Random random) throws Exception {
        for (int i = 0; i < CHANGES_OF_A_WRITER; i++) {
            Bytes member = Bytes.utf8("m" + own + "-" + random.nextInt(MEMBERS));
            double score = random.nextInt(50);
            boolean removes = random.nextInt(4) == 0;
            boolean fails = random.nextInt(8) == 0;
            keyspaces.execute(
                    0,
                    keyspace -> {
                        keyspace.writing();
                        try {
                            return keyspace.call(within -> {
                                RedisZset zset = zset(within);
                                if (removes) zset.remove(member);
                                else zset.put(member, score);
                                zset.save();
                                if (fails) throw new RespError("ERR on purpose");
                                return 0;
                            });
                        } catch (RespError _) {
                            RedisZset zset = zset(keyspace);
                            zset.put(member, score + 1);
                            zset.save();
                            return 1;
                        }
                    });
        }
        return own;
    }

    private int change(Keyspace keyspace, Random random) {
        RedisZset zset = zset(keyspace);
        for (int i = 0; i < 10; i++) {
            Bytes member = Bytes.utf8("m" + random.nextInt(MEMBERS));
            double score = random.nextInt(20);
            if (random.nextInt(4) == 0) {
                assertEquals(model.remove(member) != null, zset.remove(member));
            } else {
                zset.put(member, score);
                model.put(member, score);
            }
        }
        zset.save();
        return 0;
    }

    private static RedisZset zset(Keyspace keyspace) {
        return RedisZset.at(keyspace, KEY);
    }

    private static List<Scored> walked(Keyspace keyspace) {
        List<Scored> found = new ArrayList<>();
        try (RedisZset.Walk walk = zset(keyspace).walk(RedisZset.all(), Order.ASCENDING)) {
            while (walk.next()) found.add(walk.scored());
        }
        return found;
    }

    private static Scored at(Keyspace keyspace, int rank) {
        try (RedisZset.Walk walk = zset(keyspace).walk(RedisZset.all(), Order.ASCENDING, rank)) {
            walk.next();
            return walk.scored();
        }
    }
}
