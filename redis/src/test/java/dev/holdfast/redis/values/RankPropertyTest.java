package dev.holdfast.redis.values;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.keyspace.Home;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspaces;
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

    private final Map<Bytes, Double> model = new HashMap<>();

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
