package dev.holdfast.system.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A slice of [HistoryLongTest], and a proof that such a run finds what is wrong.
/// `-Dhistory.seed=N` lets clients choose otherwise.
@Timeout(600)
class HistoryTest {
    private static final long SEED = Long.getLong("history.seed", 6);
    private static final int LIVES = 3;
    private static final Duration LIFE_MAX = Duration.ofSeconds(5);

    @TempDir private Path folder;

    @Test
    @Tag("SRV-01")
    @Tag("SRV-04")
    void shouldAnswerInAnOrderThatOneThreadCouldHaveMadeWhenItIsKilledAndPaused() throws Exception {
        // given
        Path data = Files.createDirectories(folder.resolve("data"));
        var run = new HistoryRun(data, SEED, "--l0-sst-size", "256KiB");
        // when
        for (int life = 0; life < LIVES; life++) run.liveAndDie(7_000, LIFE_MAX);
        Verdict verdict = run.end();
        // then
        System.out.println("history.seed=" + SEED + ": " + run);
        assertEquals(List.of(), verdict.findings(), "history.seed=" + SEED);
        assertEquals(List.of(), verdict.undecided(), "history.seed=" + SEED);
        assertTrue(200 < verdict.answered(), run::toString);
    }

    @Test
    void shouldFindWhatIsLostWhenMemoryAloneWasWaitedFor() throws Exception {
        // given a server that acknowledges what a kill takes back
        Path data = Files.createDirectories(folder.resolve("data"));
        String[] options = {"--durability", "memory", "--local", "off", "--flush-interval", "20s"};
        var run = new HistoryRun(data, SEED, options);
        // when
        run.liveAndDie(1_000, LIFE_MAX);
        Verdict verdict = run.end();
        // then
        assertNotEquals(List.of(), verdict.findings(), run::toString);
    }
}
