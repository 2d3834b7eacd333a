package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.redis.fake.TestClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class StopUnderLoadTest {
    private static final Duration BUDGET = Duration.ofSeconds(20);

    @ParameterizedTest
    @CsvSource({"8, 1", "8, 20", "64, 1", "64, 20", "500, 1", "500, 20"})
    void shouldAnswerEveryWriteThatWasAppliedWhenItStops(int clients, int depth) throws Exception {
        // given
        var server = new TestServer();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Load> loads = new ArrayList<>();
        for (int i = 0; i < clients; i++) loads.add(new Load("c" + i, server.port(), depth));
        List<Thread> threads = new ArrayList<>();
        for (Load load : loads)
            threads.add(Thread.ofVirtual().start(() -> load.runUntilTheEnd(failures)));
        while (loads.stream().anyMatch(load -> load.answered.get() < depth * 3L))
            Thread.onSpinWait();
        // when
        ShutdownReport report = server.stop(BUDGET);
        for (Thread thread : threads) thread.join();
        // then
        assertEquals(List.of(), List.copyOf(failures));
        assertTrue(report.exitCode().toString().contains("CLEAN"), report.toPage());
        for (Load load : loads) {
            String applied = String.valueOf(load.answered.get());
            assertEquals(applied, appliedOf(server, load.key), load.key);
        }
    }

    @Test
    void shouldLoseNoMoreThanASecondToAClientThatNeverReads() throws Exception {
        // given
        var server = new TestServer();
        try (var deaf = new TestClient(server.port(), 4096);
                var client = new TestClient(server.port())) {
            assertEquals("OK", client.call("SET", "large", "x".repeat(1_000_000)));
            for (int i = 0; i < 30; i++) deaf.send("GET", "large");
            while (!client.call("CLIENT", "LIST").matches("(?s).* omem=[1-9].*"))
                Thread.onSpinWait();
            // when
            long started = System.nanoTime();
            server.stop(BUDGET);
            Duration taken = Duration.ofNanos(System.nanoTime() - started);
            // then
            assertTrue(taken.compareTo(Duration.ofSeconds(3)) < 0, "took " + taken);
            assertEquals(TestClient.END, client.read());
        }
    }

    @Test
    void shouldEndWithoutAnAnswerWhenDurabilityDoesNotComeInTime() throws Exception {
        // given
        var server = new TestServer();
        try (var client = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            assertEquals("OK", client.call("SET", "a", "1"));
            server.db.holdDurability();
            client.send("SET", "a", "2");
            while (!other.call("CLIENT", "LIST").matches("(?s).* omem=[1-9].*"))
                Thread.onSpinWait();
            // when
            ShutdownReport report = server.stop(Duration.ofSeconds(3));
            // then
            assertFalse(report.exitCode().toString().contains("CLEAN"), report.toPage());
            assertEquals(TestClient.END, client.read());
            assertEquals(TestClient.END, other.read());
        } finally {
            server.db.releaseDurability();
        }
    }

    @Test
    void shouldStillAnswerWhatChangesNothingWhileItWaitsForASlowClient() throws Exception {
        // given
        var server = new TestServer();
        try (var slow = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            assertEquals("OK", slow.call("SET", "a", "1"));
            server.db.holdDurability();
            slow.send("SET", "a", "2");
            while (!other.call("CLIENT", "LIST").matches("(?s).* omem=[1-9].*"))
                Thread.onSpinWait();
            // when
            AtomicReference<ShutdownReport> report = new AtomicReference<>();
            Thread stopping =
                    Thread.ofVirtual().start(() -> report.set(server.stopUnchecked(BUDGET)));
            while (!other.call("INFO", "shutdown").contains("shutdown_phase:DRAIN"))
                Thread.onSpinWait();
            // then
            assertThrows(IOException.class, () -> new TestClient(server.port()).call("PING"));
            assertEquals("PONG", other.call("PING"));
            other.send("SET", "b", "1");
            server.db.releaseDurability();
            assertEquals("OK", slow.read());
            assertEquals(TestClient.END, slow.read());
            assertEquals(TestClient.END, other.read());
            stopping.join();
            assertTrue(report.get().exitCode().toString().contains("CLEAN"));
            assertEquals("2", appliedOf(server, "a"));
            assertEquals("nil", appliedOf(server, "b"));
        } finally {
            server.db.releaseDurability();
        }
    }

    @Test
    void shouldServeAgainAndDoOnceWhatWaitedWhenTheStopIsTakenBack() throws Exception {
        // given
        var server = new TestServer();
        try (var slow = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            assertEquals("OK", slow.call("SET", "a", "1"));
            server.db.holdDurability();
            slow.send("SET", "a", "2");
            while (!other.call("CLIENT", "LIST").matches("(?s).* omem=[1-9].*"))
                Thread.onSpinWait();
            Thread stopping = Thread.ofVirtual().start(() -> server.stopUnchecked(BUDGET));
            while (!other.call("INFO", "shutdown").contains("shutdown_phase:DRAIN"))
                Thread.onSpinWait();
            other.send("INCR", "b");
            // when
            assertTrue(server.resume().isAccepted());
            server.db.releaseDurability();
            // then
            assertEquals(":1", other.read());
            assertEquals("OK", slow.read());
            stopping.join();
            try (var late = new TestClient(server.port())) {
                assertEquals("1", late.call("GET", "b"));
                assertTrue(late.call("INFO", "shutdown").contains("shutdown_epoch:2"));
            }
            ShutdownReport report = server.stop(BUDGET);
            assertTrue(report.exitCode().toString().contains("CLEAN"), report.toPage());
        } finally {
            server.db.releaseDurability();
        }
    }

    @Test
    void shouldStopWithoutDelayWhenAllClientsAreIdle() throws Exception {
        // given
        var server = new TestServer();
        List<TestClient> idle = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            idle.add(new TestClient(server.port()));
            assertEquals("PONG", idle.get(i).call("PING"));
        }
        // when
        long started = System.nanoTime();
        server.stop(BUDGET);
        Duration taken = Duration.ofNanos(System.nanoTime() - started);
        // then
        assertTrue(taken.compareTo(Duration.ofMillis(2500)) < 0, "took " + taken);
        for (TestClient client : idle) {
            assertEquals(TestClient.END, client.read());
            client.close();
        }
    }

    private static String appliedOf(TestServer server, String key) throws Exception {
        try (var again = new TestServer(server.db);
                var client = new TestClient(again.port())) {
            return client.call("GET", key);
        }
    }

    /// One client that counts up, `depth` requests at a time, until the server ends the stream.
    private static final class Load {
        final String key;
        final AtomicLong answered = new AtomicLong();
        private final TestClient client;
        private final int depth;

        Load(String key, int port, int depth) throws IOException {
            this.key = key;
            this.client = new TestClient(port);
            this.depth = depth;
        }

        void runUntilTheEnd(Queue<Throwable> failures) {
            String batch = TestClient.request("INCR", key).repeat(depth);
            try (client) {
                do {
                    client.write(batch);
                } while (readBatch());
            } catch (IOException | AssertionError failure) {
                failures.add(failure);
            }
        }

        private boolean readBatch() throws IOException {
            for (int i = 0; i < depth; i++) if (!readOne()) return false;
            return true;
        }

        private boolean readOne() throws IOException {
            String reply = client.read();
            if (reply.equals(TestClient.END)) return false;
            assertEquals(":" + (answered.get() + 1), reply);
            answered.incrementAndGet();
            return true;
        }
    }
}
