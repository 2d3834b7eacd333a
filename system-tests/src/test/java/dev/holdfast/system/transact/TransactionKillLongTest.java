package dev.holdfast.system.transact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.simulation.report.Figures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A hundred thousand transactions of a real process that is killed again and again.
/// `-Dtransactions=20000` has it do fewer.
@Tag("long")
@Timeout(3600)
class TransactionKillLongTest {
    private static final int TRANSACTIONS = Integer.getInteger("transactions", 100_000);
    private static final Duration LIFE_MAX = Duration.ofSeconds(6);

    @TempDir private Path folder;

    @Test
    void shouldStaySerializableWhenTheProcessIsKilled() throws Exception {
        var kills = new TransactionKills(folder, IsolationLevel.SERIALIZABLE, System.nanoTime());
        while (kills.count() < TRANSACTIONS) kills.liveAndDie(LIFE_MAX);
        kills.liveToTheEnd(2_000);

        System.out.printf(
                "transactions: %,d, %,d committed, %,d unknown after %d kills%n",
                kills.count(), kills.committed(), kills.unknown(), kills.kills());
        assertEquals(List.of(), kills.findings());
        Figures.record("transactions of a real process under SIGKILL, 0 cycles", kills.count());
        Figures.record("kills of that process", kills.kills());
    }

    @Test
    void shouldShowWriteSkewAndNothingWorseAtSnapshot() throws Exception {
        var kills = new TransactionKills(folder, IsolationLevel.SNAPSHOT, System.nanoTime());
        while (kills.count() < TRANSACTIONS / 10) kills.liveAndDie(LIFE_MAX);
        kills.liveToTheEnd(1_000);

        assertEquals(List.of(), kills.findings());
        assertTrue(kills.hasSkew(), "no write skew in " + kills.count());
    }
}
