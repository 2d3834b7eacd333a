package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that send without an end, and others beside them.
@Timeout(600)
@Tag("SEC-08")
class FloodTest {
    private static final int FLOODERS = 8;
    private static final int ANSWERS = 20;

    @Test
    void shouldServeOthersBetweenTheTurnsOfAFlood() throws Exception {
        try (var server = new TestServer();
                var other = new TestClient(server.port())) {
            // given
            var answered = new AtomicLong();
            List<TestClient> flooders = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < FLOODERS; i++) {
                var flooder = new TestClient(server.port());
                flooders.add(flooder);
                threads.add(Thread.ofPlatform().daemon().start(() -> send(flooder)));
                threads.add(Thread.ofPlatform().daemon().start(() -> read(flooder, answered)));
            }
            while (answered.get() < 1_000) assertEquals("PONG", other.call("PING"));
            // when, then: nothing but the end of this test ends the flood
            long before = answered.get();
            for (int i = 0; i < ANSWERS; i++) assertEquals("PONG", other.call("PING"));
            long between = (answered.get() - before) / ANSWERS;
            System.out.println("answers to a flood for each of another: " + between);
            for (TestClient flooder : flooders) flooder.close();
            for (Thread thread : threads) assertTrue(thread.join(java.time.Duration.ofSeconds(60)));
        }
    }

    private static void send(TestClient flooder) {
        String request = TestClient.request("PING").repeat(1_000);
        try {
            while (true) flooder.write(request);
        } catch (IOException closed) {
            // the end of the flood
        }
    }

    private static void read(TestClient flooder, AtomicLong answered) {
        try {
            while (!TestClient.END.equals(flooder.read())) answered.incrementAndGet();
        } catch (IOException closed) {
            // the end of the flood
        }
    }
}
