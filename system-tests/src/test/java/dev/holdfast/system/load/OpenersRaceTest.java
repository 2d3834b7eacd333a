package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two real servers that open one database in a bucket at the same moment, where no lock of a
/// machine keeps them apart: one stays the writer, and the other acknowledges nothing after it.
class OpenersRaceTest {
    private static final int CLIENTS = 4;
    private static final int RACES = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final long seed = Long.getLong("race.seed", System.nanoTime());

    @Test
    @Tag("MAN-01")
    void shouldLeaveOneWriterAndLoseNothingThatEitherAcknowledged() throws IOException {
        System.out.println("race.seed=" + seed);
        try (S3Twin bucket = S3Twin.start()) {
            var left = new Ledger(seed, CLIENTS);
            for (int race = 0; race < RACES; race++) race(bucket.url("bucket/db"), left);
        }
    }

    private void race(String url, Ledger ledger) throws IOException {
        List<Track> tracks = ledger.tracks();
        try (ServerProcess one = ServerProcess.launch(url, folder.resolve("one.log"));
                ServerProcess two = ServerProcess.launch(url, folder.resolve("two.log"))) {
            // when: clients of both write as soon as each answers
            Fleet ofOne = fleet(one, tracks.subList(0, CLIENTS / 2));
            Fleet ofTwo = fleet(two, tracks.subList(CLIENTS / 2, CLIENTS));
            boolean isOne = awaitOneWriter(one, two);
            ServerProcess winner = isOne ? one : two;
            ServerProcess loser = isOne ? two : one;
            // then: it is one of them, and it stays so
            for (int i = 0; i < 20; i++) assertTrue(isWriter(winner), () -> said(winner));
            assertEquals(false, isWriter(loser), () -> said(loser));
            assertTrue(said(loser).contains("fenced"), () -> said(loser));
            assertEquals(0, winner.stop(PATIENCE), () -> said(winner));
            loser.kill();
            if (ofOne != null) assertEquals(List.of(), ofOne.join().wrong(), "race.seed=" + seed);
            if (ofTwo != null) assertEquals(List.of(), ofTwo.join().wrong(), "race.seed=" + seed);
        }
        try (ServerProcess next = ServerProcess.start(url, folder.resolve("next.log"))) {
            List<Map<String, String>> found = ledger.read(next);
            ledger.checkKept(found, acknowledged(ledger));
            ledger.turn(found);
        }
    }

    // Null where it was fenced before it answered anybody.
    private static Fleet fleet(ServerProcess server, List<Track> tracks) throws IOException {
        try {
            server.awaitReady();
        } catch (AssertionError ended) {
            assertTrue(server.output().contains("fenced"), server.output());
            return null;
        }
        return new Fleet(server, tracks, 3, null).start(0);
    }

    /// Waits until one of both writes and the other does not; true if that is `one`.
    private static boolean awaitOneWriter(ServerProcess one, ServerProcess two) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - giveUp < 0) {
            boolean isOne = isWriter(one);
            boolean isTwo = isWriter(two);
            if (isOne && !isTwo) return true;
            if (isTwo && !isOne) return false;
        }
        throw new AssertionError("no winner:\n" + said(one) + said(two));
    }

    private static boolean isWriter(ServerProcess server) {
        try (RespClient client = server.connect()) {
            return "OK".equals(client.call("SET", "probe", "" + server.pid()));
        } catch (IOException gone) {
            return false;
        }
    }

    private static Map<Integer, Integer> acknowledged(Ledger ledger) {
        return ledger.tracks().stream()
                .collect(Collectors.toMap(Track::client, Track::acknowledged));
    }

    private static String said(ServerProcess server) {
        try {
            return server.output();
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
