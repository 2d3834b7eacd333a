package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.Passage;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The way to the bucket swallows all that is sent: the real server stops within its time and says
/// what remains, writes end in time, and everything goes on once the way is there again.
class BlackHoleTest {
    private static final int CLIENTS = 8;
    private static final Duration STOP_MAX = Duration.ofSeconds(4);
    private static final Duration SLACK = Duration.ofSeconds(10); // of the watchdog, and to exit
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern REMAINS =
            Pattern.compile("remains: \\d+ commits in the log alone");

    @TempDir Path folder;

    private final long seed = Long.getLong("hole.seed", System.nanoTime());

    @ParameterizedTest
    // At `memory` there is something left only while writers need no table from the store.
    @CsvSource({"remote,64KiB,21", "memory,64MiB,22"})
    @Tag("SRV-02")
    @Tag("OBJ-20")
    void shouldStopInTimeAndSayWhatRemains(String durability, String tables, int code)
            throws IOException {
        try (S3Twin bucket = S3Twin.start();
                Passage way = Passage.to(bucket.endpoint())) {
            var ledger = new Ledger(seed, CLIENTS);
            String url = "s3://bucket/db?endpoint=" + way.endpoint();
            Path log = folder.resolve("server.log");
            String[] options = {"--l0-sst-size", tables, "--durability", durability};
            var hurried =
                    Conditions.usual().with("HOLDFAST_STOP_SECONDS", "" + STOP_MAX.toSeconds());
            try (ServerProcess server = hurried.start(url, log, options)) {
                var fleet = new Fleet(server, ledger.tracks(), 5, null).start(0);
                server.awaitExit(Duration.ofMillis(700));
                // when: it is in the middle of everything
                way.swallow();
                server.awaitExit(Duration.ofMillis(300));
                long start = System.nanoTime();
                server.terminate();
                assertTrue(server.awaitExit(PATIENCE), server.output());
                // then
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                String said = took + "\n" + server.output();
                assertTrue(took.compareTo(STOP_MAX.plus(SLACK)) < 0, said);
                assertEquals(code, server.exitCode(), said);
                assertTrue(REMAINS.matcher(said).find(), said);
                assertTrue(said.contains("durable: commit "), said);
                assertEquals(List.of(), fleet.join().wrong(), said);
            }
            way.heal();
            try (ServerProcess server = ServerProcess.start(url, log)) {
                List<Map<String, String>> found = ledger.read(server);
                if (durability.equals("remote")) ledger.checkKept(found, acknowledged(ledger));
                else ledger.checkPrefix(found);
            }
        }
    }

    private static Map<Integer, Integer> acknowledged(Ledger ledger) {
        return ledger.tracks().stream()
                .collect(Collectors.toMap(Track::client, Track::acknowledged));
    }

    @Test
    @Tag("OBJ-20")
    void shouldRefuseWritesInTimeAndGoOnByItselfAfterAnOutage() throws IOException {
        try (S3Twin bucket = S3Twin.start();
                Passage way = Passage.to(bucket.endpoint())) {
            String url =
                    "s3://bucket/db?attempt-timeout=1s&total-timeout=2s&endpoint=" + way.endpoint();
            Path log = folder.resolve("server.log");
            try (ServerProcess server = ServerProcess.start(url, log);
                    RespClient client = server.connect()) {
                assertEquals("OK", client.call("CONFIG", "SET", "durability-timeout", "1"));
                assertEquals("OK", client.call("SET", "before", "1"));
                // when
                way.swallow();
                long start = System.nanoTime();
                assertThrows(EOFException.class, () -> client.call("SET", "within", "1"));
                // then: nobody knows what became of it; that is said in time, and reads go on
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                assertTrue(took.compareTo(Duration.ofSeconds(10)) < 0, took.toString());
                assertEquals("1", read(server, "before"));
                // when
                way.heal();
                awaitWrite(server, "after");
                // then
                assertEquals("1", read(server, "within"));
                assertEquals("1", read(server, "before"));
                assertEquals(0, server.stop(PATIENCE), server.output());
            }
        }
    }

    private static Object read(ServerProcess server, String key) throws IOException {
        try (RespClient client = server.connect()) {
            return client.call("GET", key);
        }
    }

    /// Writes again and again until it is acknowledged.
    private static void awaitWrite(ServerProcess server, String key) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        Object reply = null;
        while (!"OK".equals(reply)) {
            assertTrue(System.nanoTime() - giveUp < 0, "still refused: " + reply);
            try (RespClient client = server.connect()) {
                reply = client.call("SET", key, "1");
            } catch (IOException notYet) {
                reply = notYet;
            }
        }
    }
}
