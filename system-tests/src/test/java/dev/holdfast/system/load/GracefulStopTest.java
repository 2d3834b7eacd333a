package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.simulation.report.Figures;
import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Stops the real server with SIGTERM under load: every write that was applied is answered, every
/// answer holds, no connection is reset, and nothing is left for recovery.
class GracefulStopTest {
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    @TempDir Path folder;

    private final long seed = Long.getLong("stop.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private long acknowledged;

    @ParameterizedTest
    @CsvSource({"8,1", "8,20", "64,1", "64,20", "500,1", "500,20"})
    @Tag("SRV-02")
    void shouldAnswerAllThatItAppliedAndKeepAllThatItAnswered(int clients, int depth)
            throws IOException {
        stopUnderLoad(clients, depth);
    }

    @Test
    @Tag("long")
    void shouldStopInOrderOverThirtyStops() throws IOException {
        for (int round = 0; round < 30; round++) {
            int clients = List.of(8, 64, 500).get(round % 3);
            stopUnderLoad(clients, round % 2 == 0 ? 1 : 20);
        }
        Figures.record("stops under load (8, 64, 500 clients; depth 1, 20), all clean", 30);
        Figures.record("writes acknowledged before those stops, none lost", acknowledged);
    }

    private void stopUnderLoad(int clients, int depth) throws IOException {
        String where = "stop.seed=" + seed + " clients=" + clients + " depth=" + depth;
        Path data = Files.createDirectories(folder.resolve("data-" + System.nanoTime()));
        var ledger = new Ledger(seed, clients);
        Fleet.Ends ends;
        try (ServerProcess server = ServerProcess.start(data)) {
            var fleet = new Fleet(server, ledger.tracks(), depth, null).start(0);
            server.awaitExit(Duration.ofMillis(800 + random.nextInt(700)));
            assertEquals(0, server.stop(STOP_MAX), () -> where + output(server));
            ends = fleet.join();
            checkReport(output(server), where);
        }
        assertEquals(List.of(), ends.broken(), where);
        assertEquals(List.of(), ends.wrong(), where);
        assertEquals(clients, ends.cleanEnds(), where);
        assertTrue(clients < ends.acknowledged(), where);
        acknowledged += ends.acknowledged();
        checkNothingToRecover(data, where);
        try (ServerProcess server = ServerProcess.start(data)) {
            ledger.checkExact(ledger.read(server));
        }
    }

    private static void checkReport(String output, String where) {
        for (String phase : List.of("REJECT", "DRAIN", "PERSIST", "RELEASE"))
            assertTrue(
                    output.toUpperCase(Locale.ROOT).contains(phase), () -> where + ": " + output);
    }

    private static void checkNothingToRecover(Path data, String where) {
        try (HoldfastDb db = Databases.open(data, Settings.defaults())) {
            assertEquals(0, db.stats().walRecordsReplayed(), where);
        }
    }

    private static String output(ServerProcess server) {
        try {
            return server.output();
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
