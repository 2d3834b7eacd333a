package dev.holdfast.system.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.s3.twin.Call.Operation;
import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.s3.twin.Twist;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A bucket that takes writes far more slowly than clients send them: they are held back, and the
/// real server keeps within its memory and loses nothing.
class SlowStoreTest {
    private static final int CLIENTS = 6;
    private static final int VALUE = 32 << 10;
    private static final int UNFLUSHED_MAX = 8 << 20;
    private static final long HEAP = 128 << 20;
    private static final long JVM = 256 << 20; // what it takes beside its heap
    private static final Duration LOAD = Duration.ofSeconds(4);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(CLIENTS);
    private volatile boolean isOver;

    @Test
    @Tag("WAL-10")
    void shouldHoldWritersBackWhileTheStoreIsSlowAndMemoryIsFull() throws Exception {
        try (S3Twin bucket = S3Twin.start()) {
            Conditions small = Conditions.usual().flag("-Xmx" + HEAP);
            String[] options = {
                "--durability", "memory",
                "--l0-sst-size", "1MiB",
                "--unflushed-max", UNFLUSHED_MAX + "",
                "--memory", "24MiB",
                "--block-cache-size", "1MiB",
            };
            Path log = folder.resolve("server.log");
            String url = bucket.url("bucket/db");
            try (ServerProcess server = small.start(url, log, options)) {
                // when: a write takes two seconds
                bucket.follow(call ->
                        call.operation() == Operation.PUT
                                ? new Twist.Slow(Duration.ofSeconds(2))
                                : new Twist.None());
                List<Thread> clients = startWriting(server);
                server.awaitExit(LOAD);
                long held = held();
                long resident = residentBytes(server);
                // then: no more than there is room for, and what the store has taken meanwhile
                assertTrue(held <= 2 * UNFLUSHED_MAX, "held=" + held + server.output());
                assertTrue(UNFLUSHED_MAX / 4 <= held, "no load: " + held);
                assertTrue(resident < HEAP + JVM, "resident=" + resident);
                // when
                bucket.behave();
                server.awaitExit(LOAD.dividedBy(2));
                isOver = true;
                for (Thread client : clients) assertTrue(client.join(PATIENCE), "a client hangs");
                // then: it went on
                assertTrue(held < held(), "it stands");
                assertEquals(0, server.stop(PATIENCE), server.output());
            }
            try (ServerProcess server = small.start(url, log, options)) {
                checkAll(server);
            }
        }
    }

    private List<Thread> startWriting(ServerProcess server) {
        var clients = new ArrayList<Thread>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            clients.add(Thread.ofVirtual().start(() -> write(server, client)));
        }
        return clients;
    }

    private void write(ServerProcess server, int client) {
        try (RespClient connection = server.connect()) {
            while (!isOver) {
                int number = acknowledged.get(client);
                String key = "k:" + client + ":" + number;
                if ("OK".equals(connection.call("SET", key, value(client, number))))
                    acknowledged.incrementAndGet(client);
            }
        } catch (IOException ended) {
            throw new AssertionError(ended);
        }
    }

    private void checkAll(ServerProcess server) throws IOException {
        try (RespClient connection = server.connect()) {
            for (int client = 0; client < CLIENTS; client++)
                for (int number = 0; number < acknowledged.get(client); number++)
                    assertEquals(
                            value(client, number),
                            connection.call("GET", "k:" + client + ":" + number));
        }
    }

    private long held() {
        long writes = 0;
        for (int i = 0; i < CLIENTS; i++) writes += acknowledged.get(i);
        return writes * VALUE;
    }

    private static String value(int client, int number) {
        return (client + ":" + number + ":").repeat(VALUE / 4).substring(0, VALUE);
    }

    private static long residentBytes(ServerProcess server) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")))
            if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D+", "")) << 10;
        throw new AssertionError("no resident size");
    }
}
