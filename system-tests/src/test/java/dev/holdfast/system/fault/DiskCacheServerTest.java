package dev.holdfast.system.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real server with a disk cache that is damaged, taken away, replaced and killed in the middle
/// of a write: clients read what the bucket has.
class DiskCacheServerTest {
    private static final int KEYS = 12;
    private static final int VALUE = 100_000;
    private static final int SLOT = 4096 + (256 << 10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final long seed = Long.getLong("cache.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private Path cache() {
        return folder.resolve("cache");
    }

    private ServerProcess start(Bucket bucket) throws IOException {
        String[] options = {
            "--path", "db", "--block-cache-size", "1", "--disk-cache", cache().toString()
        };
        return ServerProcess.start(bucket.url(), folder.resolve("server.log"), options);
    }

    /// All of it in one table.
    private void fill(Bucket bucket) throws IOException {
        try (ServerProcess server = start(bucket);
                RespClient client = server.connect()) {
            for (int i = 0; i < KEYS; i++)
                assertEquals("OK", client.call("SET", "k" + i, value(i)));
            assertEquals(0, server.stop(PATIENCE), server.output());
        }
    }

    private static String value(int number) {
        var random = new Random(number);
        var text = new StringBuilder();
        while (text.length() < VALUE) text.append(random.nextLong());
        return text.toString();
    }

    private void checkAll(ServerProcess server) throws IOException {
        try (RespClient client = server.connect()) {
            for (int i = 0; i < KEYS; i++)
                assertEquals(value(i), client.call("GET", "k" + i), "cache.seed=" + seed);
        }
    }

    private Path slab() {
        return cache().resolve("slab-0");
    }

    private int slots() throws IOException {
        return Files.exists(slab()) ? (int) (Files.size(slab()) / SLOT) : 0;
    }

    @Test
    @Tag("CAC-02")
    void shouldServeWithoutItsCacheWhenThatGoesAwayOrCannotBeUsed() throws IOException {
        try (Bucket bucket = new Bucket()) {
            fill(bucket);
            try (ServerProcess server = start(bucket)) {
                checkAll(server);
                assertTrue(0 < slots(), "nothing is cached");
                // when: it goes away under the server
                remove();
                checkAll(server);
                // when: something else stands there
                Files.writeString(cache(), "no directory");
                checkAll(server);
                assertEquals(0, server.stop(PATIENCE), server.output());
            }
            // when: also at the start
            try (ServerProcess server = start(bucket)) {
                checkAll(server);
                assertTrue(server.output().contains("disk cache bypassed"), server.output());
            }
        }
    }

    @Test
    @Tag("CAC-03")
    void shouldServeNothingPartialWhenItIsKilledWhileItFillsItsCache() throws Exception {
        try (Bucket bucket = new Bucket()) {
            fill(bucket);
            remove();
            try (ServerProcess server = start(bucket)) {
                // when
                Thread reader = Thread.ofVirtual().start(() -> readUntilTheEnd(server));
                awaitSlots(1 + random.nextInt(3));
                server.kill();
                assertTrue(reader.join(PATIENCE), "a reader hangs");
            }
            // and: not all of it had reached the disk
            tear();
            // then
            try (ServerProcess server = start(bucket)) {
                checkAll(server);
                checkAll(server);
                assertEquals(0, server.stop(PATIENCE), server.output());
            }
        }
    }

    private void readUntilTheEnd(ServerProcess server) {
        try {
            checkAll(server);
        } catch (IOException killed) {
            // as it was meant
        }
    }

    private void awaitSlots(int count) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (slots() < count) assertTrue(System.nanoTime() - giveUp < 0, "slots=" + slots());
    }

    // The slots end in the middle of one, and another lost half of its content.
    private void tear() throws IOException {
        byte[] bytes = Files.readAllBytes(slab());
        int slot = random.nextInt(bytes.length / SLOT);
        Arrays.fill(bytes, slot * SLOT + SLOT / 2, (slot + 1) * SLOT, (byte) 0);
        Files.write(slab(), Arrays.copyOf(bytes, bytes.length - SLOT / 3));
    }

    private void remove() {
        Tools.run(folder, List.of("rm", "-rf", cache().toString()));
    }
}
