package dev.holdfast.system.stop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.simulation.report.Figures;
import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.Contender;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.TestedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
    private static final int RUNS = 50; // of each kind; each server takes what the last one left
    private static final Duration LOAD = Duration.ofMillis(700);

    @TempDir Path folder;

    private int runs;

    @ParameterizedTest
    @CsvSource({"8,1", "64,20"})
    @Timeout(300)
    void shouldAnswerAllThatItAppliedAndKeepAllThatItAnswered(int clients, int depth)
            throws IOException {
        stop(clients, depth, 1);
    }

    @Test
    @Tag("long")
    void shouldStopInOrderFiftyTimes() throws IOException {
        int times = Integer.getInteger("stop.runs", RUNS);
        long acknowledged = 0;
        for (int clients : crowds())
            for (int depth : depths()) {
                long told = stop(clients, depth, times);
                System.out.printf(
                        "%d clients, depth %d: %d stops, %d changes acknowledged, 0 lost, 0 applied"
                                + " and unanswered, 0 resets, 0 without an answer%n",
                        clients, depth, times, told);
                acknowledged += told;
            }
        String of =
                Arrays.toString(crowds()) + " clients; depth " + Arrays.toString(depths()) + ")";
        Figures.record(
                "stops under load of every kind of value ("
                        + of
                        + ", nothing lost or unanswered, no reset",
                runs);
        Figures.record("changes acknowledged before stops of (" + of, acknowledged);
    }

    @Test
    @Tag("long")
    void shouldShowWhatARealRedisDoes() throws IOException {
        int times = Integer.getInteger("stop.runs.redis", 10);
        long[] sums = new long[5];
        for (int clients : crowds())
            for (int depth : depths()) {
                long[] own = new long[5];
                for (int run = 0; run < times; run++) add(own, stopRedis(clients, depth));
                System.out.printf(
                        "redis-server, %d clients, depth %d: %d stops, %d changes acknowledged,"
                                + " %d lost, %d applied and unanswered, %d resets, %d without an"
                                + " answer%n",
                        clients, depth, times, own[0], own[1], own[2], own[3], own[4]);
                for (int i = 0; i < own.length; i++) sums[i] += own[i];
            }
        String of = "redis-server 7.0 in " + runs + " such stops: ";
        Figures.record(of + "changes acknowledged", sums[0]);
        Figures.record(of + "acknowledged and lost", sums[1]);
        Figures.record(of + "applied and not answered", sums[2]);
        Figures.record(of + "connections that were reset", sums[3]);
        Figures.record(of + "clients that waited and were not answered", sums[4]);
        assertTrue(0 < sums[0]);
    }

    private static int[] crowds() {
        int only = Integer.getInteger("stop.clients", 0);
        return only == 0 ? new int[] {8, 64, 500} : new int[] {only};
    }

    private static int[] depths() {
        int only = Integer.getInteger("stop.depth", 0);
        return only == 0 ? new int[] {1, 20} : new int[] {only};
    }

    private static void add(long[] sums, Crowd.Outcome outcome) {
        sums[0] += outcome.acknowledged();
        sums[1] += outcome.lostAcked();
        sums[2] += outcome.appliedUnanswered();
        sums[3] += outcome.resets();
        sums[4] += outcome.silentEnds();
    }

    private Crowd.Outcome stopRedis(int clients, int depth) throws IOException {
        Path data = Files.createDirectories(folder.resolve("redis-" + runs++));
        Crowd crowd;
        try (TestedServer server = Contender.REDIS.startOn(Contender.lastingPort(), data)) {
            crowd = underLoad(server, clients, depth);
            server.stop(STOP_MAX);
            crowd.join();
        }
        try (TestedServer server = Contender.REDIS.startOn(Contender.lastingPort(), data);
                var client = server.connect()) {
            return crowd.judge(client);
        }
    }

    private static Crowd underLoad(TestedServer server, int clients, int depth) {
        Crowd crowd = new Crowd(server.port(), clients, depth).start();
        long giveUp = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!crowd.isBusy() && System.nanoTime() - giveUp < 0)
            server.awaitExit(Duration.ofMillis(10));
        server.awaitExit(LOAD);
        return crowd;
    }

    private long stop(int clients, int depth, int times) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data-" + runs));
        long acknowledged = 0;
        ServerProcess server = ServerProcess.start(data);
        try {
            for (int i = 0; i < times; i++) {
                String where = "clients=" + clients + " depth=" + depth + " run=" + runs++ + " ";
                Crowd crowd = underLoad(server, clients, depth);
                assertEquals(0, server.stop(STOP_MAX), where + server.output());
                crowd.join();
                server.close();
                checkNothingIsReplayed(data, where);
                server = ServerProcess.start(data);
                acknowledged += judge(crowd, server, clients, where);
            }
        } finally {
            server.close();
        }
        return acknowledged;
    }

    private static void checkNothingIsReplayed(Path data, String where) {
        try (HoldfastDb db = Databases.open(data, Settings.defaults())) {
            assertEquals(0, db.stats().walRecordsReplayed(), where);
        }
    }

    // And leaves nothing behind for the next crowd.
    private static long judge(Crowd crowd, ServerProcess server, int clients, String where)
            throws IOException {
        try (var client = server.connect()) {
            Crowd.Outcome outcome = crowd.judge(client);
            assertTrue(clients < outcome.acknowledged(), where);
            assertEquals(
                    new Crowd.Outcome(outcome.acknowledged(), 0, 0, 0, 0, List.of()),
                    outcome,
                    () -> where + crowd.resetTexts());
            assertEquals("OK", client.call("FLUSHALL"));
            return outcome.acknowledged();
        }
    }
}
