package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.report.Figures;
import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills the real server under load, again and again on one database, and looks at what it finds
/// afterwards.
class CrashTest {
    private static final int CLIENTS = 12;
    private static final int READERS = 3;
    private static final int ROUNDS_PER_DATABASE = 10; // nothing merges tables meanwhile
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    @TempDir Path folder;

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private long acknowledged;
    private int kills;

    @Test
    @Tag("SRV-01")
    @Tag("WAL-01")
    @Tag("WAL-02")
    @Tag("WAL-12")
    void shouldKeepEveryAcknowledgedWriteOverKills() throws IOException {
        killAndJudge(5, "remote");
    }

    @Test
    @Tag("SRV-01")
    void shouldKeepItWhereTheLocalDiskIsEnough() throws IOException {
        killAndJudge(3, "local");
    }

    @Test
    void shouldLoseOnlyASuffixOverKillsWhenMemoryIsEnough() throws IOException {
        killAndJudge(3, "memory");
    }

    @Test
    @Tag("long")
    @Tag("SRV-01")
    @Tag("WAL-07")
    void shouldKeepEveryAcknowledgedWriteOverAHundredKills() throws IOException {
        killAndJudge(100, "remote");
        Figures.record("kills of the server under load, survived", kills);
        Figures.record("writes acknowledged before those kills, none lost", acknowledged);
    }

    @Test
    @Tag("long")
    void shouldLoseOnlyASuffixOverThirtyKillsWhenMemoryIsEnough() throws IOException {
        killAndJudge(30, "memory");
        Figures.record("kills at durability memory, what was lost was a suffix", kills);
    }

    private void killAndJudge(int rounds, String durability) throws IOException {
        System.out.println("crash.seed=" + seed);
        for (int round = 0; round < rounds; round += ROUNDS_PER_DATABASE) {
            Path data = Files.createDirectories(folder.resolve("data-" + round));
            var ledger = new Ledger(seed, CLIENTS);
            for (int life = 0; life < Math.min(ROUNDS_PER_DATABASE, rounds - round); life++)
                liveOnce(ledger, data, durability);
        }
        assertTrue(0 < acknowledged, "no write was acknowledged");
    }

    private void liveOnce(Ledger ledger, Path data, String durability) throws IOException {
        String memtable = random.nextBoolean() ? "32KiB" : "256KiB";
        String[] options = {"--durability", durability, "--l0-sst-size", memtable};
        Map<Integer, Integer> log = loadAndKill(ledger, data, options);
        killRecoveries(data, options);
        try (ServerProcess server = ServerProcess.start(data, options)) {
            List<Map<String, String>> found = ledger.read(server);
            if (!durability.equals("memory")) ledger.checkKept(found, log);
            else ledger.checkPrefix(found);
            closeRightAfterRecovery(server, ledger, found, data, options);
            ledger.turn(found);
        }
    }

    private Map<Integer, Integer> loadAndKill(Ledger ledger, Path data, String[] options)
            throws IOException {
        try (ServerProcess server = ServerProcess.start(data, options);
                var log = new AckLog(folder.resolve("acknowledged"))) {
            int depth = random.nextBoolean() ? 1 : 20;
            var fleet = new Fleet(server, ledger.tracks(), depth, log).start(READERS);
            server.awaitExit(Duration.ofMillis(300 + random.nextInt(1500)));
            server.kill();
            kills++;
            Fleet.Ends ends = fleet.join();
            assertEquals(List.of(), ends.wrong(), "crash.seed=" + seed);
            assertEquals(0, ends.refused(), "crash.seed=" + seed);
            acknowledged += ends.acknowledged();
            return log.read();
        }
    }

    /// Starts the server and kills it while it recovers, none to three times.
    private void killRecoveries(Path data, String[] options) throws IOException {
        for (int times = random.nextInt(4); 0 < times; times--)
            try (ServerProcess server = ServerProcess.launch(data, options)) {
                server.awaitExit(Duration.ofMillis(random.nextInt(1200)));
                server.kill();
                kills++;
            }
    }

    /// Every other time: an orderly stop at once, and another look.
    private void closeRightAfterRecovery(
            ServerProcess server,
            Ledger ledger,
            List<Map<String, String>> found,
            Path data,
            String[] options)
            throws IOException {
        if (random.nextBoolean()) return;
        assertEquals(0, server.stop(STOP_MAX), server::toString);
        try (ServerProcess again = ServerProcess.start(data, options)) {
            assertEquals(found, ledger.read(again), "crash.seed=" + seed);
        }
    }
}
