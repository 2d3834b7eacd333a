package dev.holdfast.redis.values;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.keyspace.TestEnv;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Compares the ranks of a large sorted set with those of a sorted list.
class RankPropertyTest {
    private static final Bytes KEY = Bytes.utf8("zset");
    private static final int CHANGES = 6_000;
    private static final int MEMBERS = 4_000;

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
