package dev.holdfast.system.stop;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Stops the real server with SIGTERM while lists, hashes, sets, sorted sets, streams, strings and
/// transactions change and others wait: what was acknowledged is there, what is there was
/// acknowledged, whoever waited was answered, and no connection was reset.
class FamiliesStopTest {
    private static final Duration STOP_MAX = Duration.ofSeconds(30);
    private static final Duration LOAD = Duration.ofMillis(700);

    @TempDir Path folder;

    private int runs;

    @ParameterizedTest
    @CsvSource({"8,1", "64,20"})
    @Timeout(300)
    void shouldAnswerAllThatItAppliedAndKeepAllThatItAnswered(int clients, int depth)
            throws IOException {
        stop(clients, depth);
    }

    @Test
    @Tag("long")
    void shouldStopInOrderFiftyTimes() throws IOException {
        int times = Integer.getInteger("stop.runs", 50);
        long acknowledged = 0;
        for (int clients : new int[] {8, 64, 500})
            for (int depth : new int[] {1, 20})
                for (int run = 0; run < times; run++) acknowledged += stop(clients, depth);
        Figures.record("stops under load of every kind of value, nothing lost or unanswered", runs);
        Figures.record("changes acknowledged before those stops", acknowledged);
    }

    private long stop(int clients, int depth) throws IOException {
        String where = "clients=" + clients + " depth=" + depth + " run=" + runs + " ";
        Path data = Files.createDirectories(folder.resolve("data-" + runs++));
        Crowd crowd;
        try (ServerProcess server = ServerProcess.start(data)) {
            crowd = new Crowd(server.port(), clients, depth).start();
            long giveUp = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!crowd.isBusy() && System.nanoTime() - giveUp < 0)
                server.awaitExit(Duration.ofMillis(10));
            server.awaitExit(LOAD);
            assertEquals(0, server.stop(STOP_MAX), where);
            crowd.join();
        }
        try (HoldfastDb db = Databases.open(data, Settings.defaults())) {
            assertEquals(0, db.stats().walRecordsReplayed(), where);
        }
        try (ServerProcess server = ServerProcess.start(data);
                var client = server.connect()) {
            Crowd.Outcome outcome = crowd.judge(client);
            assertTrue(clients < outcome.acknowledged(), where);
            assertEquals(
                    new Crowd.Outcome(outcome.acknowledged(), 0, 0, 0, 0, java.util.List.of()),
                    outcome,
                    where);
            return outcome.acknowledged();
        }
    }
}
