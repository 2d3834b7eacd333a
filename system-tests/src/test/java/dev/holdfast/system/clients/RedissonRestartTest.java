package dev.holdfast.system.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.process.Contender;
import dev.holdfast.system.process.TestedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisson.Redisson;
import org.redisson.api.RFuture;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.config.Config;

/// A server that is stopped and started again under Redisson: who waits for an element or for a
/// lock still gets it, and a lock that is held stays held. Against the real Redis, too.
@Timeout(240)
@SuppressWarnings("deprecation") // a move to another queue, which applications have all the same
class RedissonRestartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LEASE = Duration.ofSeconds(60); // outlasts any restart
    private static final int RETRIES = 40; // each a second or two: a start may take long here

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(Contender.class)
    void shouldKeepTakesAndLocksThroughARestart(Contender contender) throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        int port = Contender.lastingPort();
        TestedServer server = contender.startOn(port, data);
        RedissonClient redisson = Redisson.create(patient(port));
        try {
            // given: one who holds a lock, one who waits for it, and three who wait for elements
            RLock held = redisson.getLock("held");
            held.lock();
            var order = new AtomicInteger();
            Thread second = Thread.ofPlatform().start(() -> lockOnce(redisson, order));
            List<RFuture<String>> taken = takes(redisson);
            awaitBlocked(server, taken.size());
            // when
            assertEquals(0, server.stop(PATIENCE));
            server = contender.startOn(port, data);
            // then
            awaitBlocked(server, taken.size());
            assertTrue(held.isHeldByCurrentThread());
            assertTrue(0 < held.remainTimeToLive());
            redisson.getQueue("endless").add("a");
            redisson.getQueue("bounded").add("b");
            redisson.getQueue("moved").add("c");
            List<String> elements = new ArrayList<>();
            for (RFuture<String> each : taken)
                elements.add(
                        each.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            assertEquals(List.of("a", "b", "c"), elements);
            assertEquals(0, order.get());
            held.unlock();
            assertTrue(second.join(PATIENCE));
            assertEquals(1, order.get());
            assertFalse(held.isLocked());
        } finally {
            redisson.shutdown();
            server.close();
        }
    }

    private static Config patient(int port) {
        Config config = RedissonTest.config(port);
        config.setLockWatchdogTimeout(LEASE.toMillis());
        config.useSingleServer().setRetryAttempts(RETRIES);
        return config;
    }

    private static void lockOnce(RedissonClient redisson, AtomicInteger order) {
        RLock lock = redisson.getLock("held");
        boolean isLocked = false;
        while (!isLocked) isLocked = isLocked(lock);
        order.incrementAndGet();
        lock.unlock();
    }

    // An attempt that the stop cut off, of a real Redis too, is made again.
    private static boolean isLocked(RLock lock) {
        try {
            lock.lock();
            return true;
        } catch (RedisException cut) {
            return lock.isHeldByCurrentThread();
        }
    }

    private static List<RFuture<String>> takes(RedissonClient redisson) {
        return List.of(
                redisson.<String>getBlockingQueue("endless").takeAsync(),
                redisson.<String>getBlockingQueue("bounded").pollAsync(10, TimeUnit.MINUTES),
                redisson.<String>getBlockingDeque("moved")
                        .pollLastAndOfferFirstToAsync("target", 10, TimeUnit.MINUTES));
    }

    private static void awaitBlocked(TestedServer server, int count) throws IOException {
        String line = "blocked_clients:" + count + "\r";
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        try (var client = server.connect()) {
            while (!String.valueOf(client.call("INFO", "clients")).contains(line)) {
                assertTrue(System.nanoTime() - giveUp < 0, "who waited does not wait again");
                server.awaitExit(Duration.ofMillis(20));
            }
        }
    }
}
