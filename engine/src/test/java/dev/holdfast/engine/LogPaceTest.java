package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How soon the log is put for somebody who waits for it.
class LogPaceTest {
    private static final Duration PACE = Duration.ofMillis(50);
    private static final int ROUNDS = 20;

    private static WriteBatch row(int number) {
        return new WriteBatch().put(Bytes.utf8("k" + number), Bytes.utf8("v"));
    }

    @Test
    void shouldPutAtTheNextPaceWhenDurabilityIsWantedOfWhatNobodyWaitedFor() throws Exception {
        // given: without a wish the log would wait for longer than the test may take
        Settings settings =
                Settings.defaults()
                        .but()
                        .flushInterval(Duration.ofMinutes(5))
                        .walPutIntervalMin(PACE)
                        .build();
        try (Db db = Engine.open(new MemoryStore(), "db", settings)) {
            for (int round = 0; round < ROUNDS; round++) {
                // when: the log is put, and at once there is more that nobody waits for yet
                db.write(row(round), Durability.REMOTE);
                long seq = 0;
                for (int i = 0; i < 2_000; i++) seq = db.write(row(i), Durability.MEMORY);
                // then
                db.awaitDurable(seq, Durability.REMOTE, Duration.ofSeconds(10));
                assertTrue(seq <= db.watermarks().remote());
            }
        }
    }
}
