package dev.holdfast.system.transact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.api.IsolationLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A slice of [TransactionKillLongTest].
@Tag("transactions")
@Timeout(300)
class TransactionKillTest {
    @TempDir private Path folder;

    @Test
    void shouldStaySerializableWhenTheProcessIsKilled() throws Exception {
        // given
        var kills = new TransactionKills(folder, IsolationLevel.SERIALIZABLE, 1);
        // when
        for (int i = 0; i < 2; i++) kills.liveAndDie(Duration.ofMillis(1_500));
        kills.liveToTheEnd(1_000);
        // then
        assertEquals(List.of(), kills.findings());
        assertTrue(800 < kills.committed(), () -> "committed=" + kills.committed());
        System.out.printf(
                "transactions: %,d, %,d committed, %,d unknown after %d kills%n",
                kills.count(), kills.committed(), kills.unknown(), kills.kills());
    }
}
