package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.redis.keyspace.Home;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Has a real Redis answer the same random transactions, and compares every reply.
@Timeout(120)
class TransactionDifferentialTest {
    private static final int CALLS = 1_500;

    @TempDir Path directory;

    @Test
    void shouldAnswerAsRedisDoesWhenCallsAreGatheredAndWatched() throws Exception {
        long seed = Long.getLong("differential.seed", 20_260_001);
        var dice = new Dice(seed);
        var family = new TransactionFamily(List.of(new ListFamily()));
        List<List<String>> calls = new ArrayList<>();
        while (calls.size() < CALLS) calls.add(family.next(dice));
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient redis = new RespClient(process.port());
                RespClient holdfast = new RespClient(server.port())) {
            // when
            Story.Mismatch mismatch = new Story(redis, holdfast, Map.of()).tell(calls, 2);
            // then
            assertNull(mismatch, "seed=" + seed);
        }
    }
}
