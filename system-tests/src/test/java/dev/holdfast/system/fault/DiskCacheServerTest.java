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
import java.util.ArrayList;
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

    private List<Path> files() throws IOException {
        try (var files = Files.list(cache())) {
            return new ArrayList<>(
                    files.filter(file -> 4096 < file.toFile().length()).sorted().toList());
        }
    }

    @Test
    @Tag("CAC-02")
    void shouldServeWithoutItsCacheWhenThatGoesAwayOrCannotBeUsed() throws IOException {
        try (Bucket bucket = new Bucket()) {
            fill(bucket);
            try (ServerProcess server = start(bucket)) {
                checkAll(server);
                assertTrue(0 < files().size(), "nothing is cached");
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
                awaitFiles(1 + random.nextInt(3));
                server.kill();
                assertTrue(reader.join(PATIENCE), "a reader hangs");
            }
            // and: not all of it had reached the disk
            List<Path> files = files();
            cut(files.get(random.nextInt(files.size())));
            Files.write(cache().resolve("fresh-one"), new byte[100_000]);
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

    private void awaitFiles(int count) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (files().size() < count)
            assertTrue(System.nanoTime() - giveUp < 0, "files=" + files().size());
    }

    private static void cut(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }

    private void remove() {
        Tools.run(folder, List.of("rm", "-rf", cache().toString()));
    }
}
