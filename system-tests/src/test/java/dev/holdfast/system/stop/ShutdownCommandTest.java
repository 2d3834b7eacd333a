package dev.holdfast.system.stop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.Contender;
import dev.holdfast.system.process.Passage;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.RespClient.Failure;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.TestedServer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The command SHUTDOWN on the real server, before a bucket that swallows everything: it is refused
/// where it could not end clean, it can be taken back, and meanwhile all is served that changes
/// nothing.
@Timeout(180)
class ShutdownCommandTest {
    private static final int ROUNDS_MIN = 3;
    private static final int ROUNDS_MAX = 25;
    private static final Duration AT_ONCE = Duration.ofMillis(100);
    private static final Duration ASK_EVERY = Duration.ofMillis(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CUT_SHORT = 21;
    private static final int UNSAVED = 22;
    private static final String[] OPTIONS = {"--durability", "memory", "--l0-sst-size", "64MiB"};
    private static final Failure REFUSED =
            new Failure("ERR Errors trying to SHUTDOWN. Check logs.");

    @TempDir Path folder;

    private ServerProcess start(Passage way) throws IOException {
        String url = "s3://bucket/db?endpoint=" + way.endpoint();
        Path log = folder.resolve("server.log");
        ServerProcess server =
                Conditions.usual().with("HOLDFAST_STOP_SECONDS", "20").start(url, log, OPTIONS);
        // It answers a moment before its start is over, and a stop of that is another matter.
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (!server.output().contains(": serving ")) {
            assertTrue(System.nanoTime() - giveUp < 0, server.output());
            LockSupport.parkNanos(ASK_EVERY.toNanos());
        }
        return server;
    }

    @ParameterizedTest
    @CsvSource({"SHUTDOWN", "SHUTDOWN SAVE", "SHUTDOWN NOW SAFE"})
    void shouldServeOnWhereNotAllCanBeSaved(String call) throws Exception {
        try (S3Twin bucket = S3Twin.start();
                Passage way = Passage.to(bucket.endpoint());
                ServerProcess server = start(way);
                RespClient asking = server.connect();
                RespClient writer = server.connect()) {
            assertEquals(1L, writer.call("INCR", "count"));
            way.swallow();
            // when
            send(asking, call.split(" "));
            awaitDrain(writer);
            send(writer, "INCR", "count");
            // then
            assertEquals(REFUSED, asking.read(), server.output());
            assertEquals(2L, writer.read());
            assertEquals(3L, connected(server, "INCR", "count"));
            // when
            way.heal();
            send(asking, call.split(" "));
            // then
            assertThrows(EOFException.class, asking::read);
            assertTrue(server.awaitExit(PATIENCE), server.output());
            assertEquals(0, server.exitCode(), server.output());
        }
    }

    @ParameterizedTest
    @CsvSource({"SHUTDOWN FORCE", "SHUTDOWN NOSAVE", "SHUTDOWN NOW", "SHUTDOWN SAVE NOW FORCE"})
    void shouldEndAllTheSameAndSaySoWhereItIsToldTo(String call) throws Exception {
        try (S3Twin bucket = S3Twin.start();
                Passage way = Passage.to(bucket.endpoint());
                ServerProcess server = start(way);
                RespClient asking = server.connect()) {
            assertEquals(1L, asking.call("INCR", "count"));
            way.swallow();
            send(asking, call.split(" "));
            assertThrows(EOFException.class, asking::read);
            assertTrue(server.awaitExit(PATIENCE), server.output());
            assertEquals(UNSAVED, server.exitCode(), server.output());
        }
    }

    @Test
    void shouldNotRefuseWhatASignalAsksForToo() throws Exception {
        try (S3Twin bucket = S3Twin.start();
                Passage way = Passage.to(bucket.endpoint());
                ServerProcess server = start(way);
                RespClient asking = server.connect();
                RespClient other = server.connect()) {
            assertEquals(1L, asking.call("INCR", "count"));
            way.swallow();
            send(asking, "SHUTDOWN");
            awaitDrain(other);
            server.terminate();
            assertThrows(EOFException.class, asking::read);
            assertTrue(server.awaitExit(PATIENCE), server.output());
            assertEquals(UNSAVED, server.exitCode(), server.output());
        }
    }

    @Test
    void shouldGoOnAtOnceWhenItIsTakenBackAndDoOnceWhatWaited() throws Exception {
        try (S3Twin bucket = S3Twin.start();
                Passage way = Passage.to(bucket.endpoint());
                ServerProcess server = start(way)) {
            assertEquals("OK", connected(server, "SET", "count", "0"));
            way.swallow();
            long refused = Long.MAX_VALUE;
            long resumed = Long.MAX_VALUE;
            for (int round = 1; round <= ROUNDS_MAX; round++) {
                // The best of some, as others may have the processors.
                boolean atOnce = Math.max(refused, resumed) < AT_ONCE.toNanos();
                if (round > ROUNDS_MIN && atOnce) break;
                try (RespClient asking = server.connect();
                        RespClient reader = server.connect();
                        RespClient writer = server.connect()) {
                    long start = System.nanoTime();
                    send(asking, "SHUTDOWN");
                    awaitRefusal(server);
                    refused = Math.min(refused, System.nanoTime() - start);
                    awaitDrain(reader);
                    send(writer, "INCR", "count");
                    assertEquals("PONG", reader.call("PING"));
                    assertEquals(Integer.toString(round - 1), reader.call("GET", "count"));
                    assertEquals("OK", reader.call("SHUTDOWN", "ABORT"));
                    start = System.nanoTime();
                    assertEquals((long) round, writer.read());
                    resumed = Math.min(resumed, System.nanoTime() - start);
                    assertEquals(REFUSED, asking.read());
                    assertEquals(new Failure("ERR No shutdown in progress."), late(reader));
                }
            }
            assertTrue(refused < AT_ONCE.toNanos(), "refused after " + refused + " ns");
            assertTrue(resumed < AT_ONCE.toNanos(), "resumed after " + resumed + " ns");
            way.heal();
            assertEquals(0, server.stop(PATIENCE), server.output());
        }
    }

    @ParameterizedTest
    @EnumSource(Contender.class)
    void shouldReadItsWordsAsRedisDoes(Contender contender) throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        try (TestedServer server = contender.startOn(Contender.lastingPort(), data);
                RespClient client = server.connect()) {
            for (String wrong :
                    Set.of(
                            "SHUTDOWN SAVE NOSAVE",
                            "SHUTDOWN ABORT NOW",
                            "SHUTDOWN NOW ABORT",
                            "SHUTDOWN LATER",
                            "SHUTDOWN NOW NOW x"))
                assertEquals(new Failure("ERR syntax error"), client.call(wrong.split(" ")), wrong);
            for (String early : Set.of("SHUTDOWN ABORT", "shutdown abort ABORT"))
                assertEquals(
                        new Failure("ERR No shutdown in progress."),
                        client.call(early.split(" ")),
                        early);
            assertEquals("OK", client.call("MULTI"));
            assertEquals(
                    new Failure("ERR Command not allowed inside a transaction"),
                    client.call("SHUTDOWN"));
            assertEquals("OK", client.call("DISCARD"));
            send(client, "shutdown", "NOSAVE", "now", "Force");
            assertThrows(IOException.class, client::read);
            assertTrue(server.awaitExit(PATIENCE), server.output());
            // In haste the local log keeps what tables do not have.
            assertTrue(Set.of(0, CUT_SHORT).contains(server.exitCode()), server.output());
        }
    }

    private static Object connected(ServerProcess server, String... words) throws IOException {
        try (RespClient client = server.connect()) {
            return client.call(words);
        }
    }

    private static void send(RespClient client, String... words) throws IOException {
        client.send(java.util.List.of(words));
        client.flush();
    }

    private static void awaitDrain(RespClient client) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (!String.valueOf(client.call("INFO", "shutdown")).contains("phase:DRAIN"))
            assertTrue(System.nanoTime() - giveUp < 0, "it does not drain");
    }

    // While it serves again, and the stop is not yet told to be over, who asks again is told yes.
    private static Object late(RespClient client) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        Object answer = client.call("SHUTDOWN", "ABORT");
        while (answer.equals("OK")) {
            assertTrue(System.nanoTime() - giveUp < 0, "it is never over");
            answer = client.call("SHUTDOWN", "ABORT");
        }
        return answer;
    }

    private static void awaitRefusal(ServerProcess server) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (RespClient _ = server.connect()) {
                assertTrue(System.nanoTime() - giveUp < 0, "it lets clients in");
                LockSupport.parkNanos(ASK_EVERY.toNanos());
            } catch (IOException refused) {
                return;
            }
        }
    }
}
