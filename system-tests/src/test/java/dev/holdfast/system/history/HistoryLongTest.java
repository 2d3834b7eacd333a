package dev.holdfast.system.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.simulation.report.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A million answers of a real server that is killed and paused again and again.
/// `-Dhistory.operations=50000` asks for fewer, `-Dhistory.seed=N` lets clients choose otherwise.
@Tag("long")
@Timeout(3_600)
class HistoryLongTest {
    private static final long OPERATIONS = Long.getLong("history.operations", 1_000_000);
    private static final long OPERATIONS_OF_A_DATABASE = 100_000;
    private static final Duration LIFE_MAX = Duration.ofSeconds(40);

    private final long seed = Long.getLong("history.seed", System.nanoTime());

    @TempDir private Path folder;

    @Test
    @Tag("SRV-01")
    @Tag("SRV-04")
    void shouldAnswerAMillionInAnOrderThatOneThreadCouldHaveMade() throws Exception {
        System.out.println("history.seed=" + seed);
        var chance = new SplittableRandom(seed);
        var all = new Verdict();
        int kills = 0;
        int pauses = 0;
        for (int database = 0; all.answered() < OPERATIONS && isFine(all); database++) {
            Path data = Files.createDirectories(folder.resolve("data-" + database));
            var run = new HistoryRun(data, chance.nextLong(), options(database, chance));
            long wanted = Math.min(OPERATIONS_OF_A_DATABASE, OPERATIONS - all.answered());
            while (run.answered() < wanted && run.isFine()) run.liveAndDie(16_000, LIFE_MAX);
            all.add(run.end());
            kills += run.kills();
            pauses += run.pauses();
            System.out.println("database " + database + ": " + run);
        }

        System.out.printf("histories: %s; %d kills, %d pauses%n", all, kills, pauses);
        assertEquals(List.of(), all.findings(), "history.seed=" + seed);
        assertEquals(List.of(), all.undecided(), "history.seed=" + seed);
        Figures.record(
                "answers of a server under SIGKILL and SIGSTOP, 0 violations", all.answered());
        Figures.record("kills of the server in those histories", kills);
        Figures.record("pauses of the server in those histories", pauses);
    }

    private static boolean isFine(Verdict verdict) {
        return verdict.findings().isEmpty() && verdict.undecided().isEmpty();
    }

    // Every third waits for the store itself; every other compacts small tables all the time.
    private static String[] options(int database, SplittableRandom chance) {
        List<String> options = new ArrayList<>();
        if (database % 3 == 2) options.addAll(List.of("--local", "off", "--durability", "remote"));
        if (chance.nextBoolean()) options.addAll(List.of("--l0-sst-size", "128KiB"));
        return options.toArray(String[]::new);
    }
}
