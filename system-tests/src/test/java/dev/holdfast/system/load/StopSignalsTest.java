package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.s3.twin.Twist;
import dev.holdfast.simulation.report.Figures;
import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signals in the middle of a stop of the real server: asked again, asked in a hurry, killed. What
/// was acknowledged is there afterwards.
class StopSignalsTest {
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ONE_SIGNAL = Duration.ofMillis(1100); // sooner counts once

    /// What becomes of a server that stops.
    private enum Fate {
        KILLED,
        TOLD_AGAIN,
        HURRIED,
        TOLD_THREE_TIMES
    }

    @TempDir Path folder;

    private final long seed = Long.getLong("signals.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    @Tag("SRV-03")
    void shouldLoseNothingWhateverSignalComesWhileItStops() throws IOException {
        System.out.println("signals.seed=" + seed);
        try (S3Twin bucket = S3Twin.start()) {
            var ledger = new Ledger(seed, CLIENTS);
            for (Fate fate : Fate.values()) liveOnce(bucket, ledger, fate);
        }
    }

    @Test
    @Tag("long")
    void shouldLoseNothingWhereverAStopIsKilled() throws IOException {
        int times = Integer.getInteger("stop.kills", 200);
        System.out.println("signals.seed=" + seed);
        try (S3Twin bucket = S3Twin.start()) {
            var ledger = new Ledger(seed, CLIENTS);
            for (int i = 0; i < times; i++) liveOnce(bucket, ledger, Fate.KILLED);
        }
        Figures.record(
                "kills in the middle of a stop under load, nothing acknowledged lost", times);
    }

    private void liveOnce(S3Twin bucket, Ledger ledger, Fate fate) throws IOException {
        String where = "signals.seed=" + seed + " " + fate + " ";
        String url = bucket.url("bucket/db");
        Path log = folder.resolve(fate + ".log");
        Files.deleteIfExists(log);
        Map<Integer, Integer> acknowledged;
        try (ServerProcess server = ServerProcess.start(url, log, "--l0-sst-size", "64KiB")) {
            var fleet = new Fleet(server, ledger.tracks(), 5, null).start(0);
            server.awaitExit(Duration.ofMillis(500));
            var pause = Duration.ofMillis(fate == Fate.KILLED ? 1 + random.nextInt(500) : 2000);
            bucket.follow(_ -> new Twist.Slow(pause)); // so that it takes a while
            server.terminate();
            server.awaitExit(Duration.ofMillis(100 + random.nextInt(400)));
            meet(fate, server);
            assertTrue(server.awaitExit(PATIENCE), () -> where + output(server));
            assertTrue(expected(fate).contains(server.exitCode()), () -> where + output(server));
            assertEquals(List.of(), fleet.join().wrong(), where);
            acknowledged =
                    ledger.tracks().stream()
                            .collect(Collectors.toMap(Track::client, Track::acknowledged));
        }
        bucket.behave();
        try (ServerProcess server = ServerProcess.start(url, folder.resolve("next.log"))) {
            List<Map<String, String>> found = ledger.read(server);
            ledger.checkKept(found, acknowledged);
            ledger.turn(found);
        }
    }

    private static void meet(Fate fate, ServerProcess server) {
        assertTrue(fate == Fate.KILLED || server.isAlive(), "it had stopped already");
        switch (fate) {
            case KILLED -> server.kill();
            case HURRIED -> server.signal("INT");
            case TOLD_AGAIN -> tellAgain(server);
            case TOLD_THREE_TIMES -> {
                tellAgain(server);
                tellAgain(server);
            }
        }
    }

    private static void tellAgain(ServerProcess server) {
        server.awaitExit(ONE_SIGNAL);
        server.terminate();
    }

    private static Set<Integer> expected(Fate fate) {
        return switch (fate) {
            case KILLED -> Set.of(128 + 9, 0);
            case TOLD_AGAIN, HURRIED -> Set.of(0, 20, 21, 22);
            case TOLD_THREE_TIMES -> Set.of(24);
        };
    }

    private static String output(ServerProcess server) {
        try {
            return server.output();
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
