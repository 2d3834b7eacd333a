package dev.holdfast.system.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real server runs out of file descriptors: nobody more is let in, who is inside is served,
/// and once some are free again everything goes on.
class DescriptorsTest {
    private static final int DESCRIPTORS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    @Test
    @Tag("SRV-06")
    void shouldServeWhoIsInsideAndLetOthersInLaterWhenABucketHoldsTheData() throws IOException {
        try (S3Twin bucket = S3Twin.start()) {
            exhaust(bucket.url("bucket/db"));
        }
    }

    @Test
    @Tag("SRV-06")
    void shouldServeWhoIsInsideAndLetOthersInLaterWhenFilesHoldTheData() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        exhaust(data.toUri().toString());
    }

    private void exhaust(String url) throws IOException {
        Tools.assume("prlimit");
        Conditions usual = Conditions.usual().fromJars(folder);
        Conditions poor = usual.under("prlimit", "--nofile=" + DESCRIPTORS);
        List<Socket> crowd = new ArrayList<>();
        try (ServerProcess server = poor.start(url, folder.resolve("server.log"));
                RespClient inside = server.connect();
                RespClient writer = server.connect()) {
            assertEquals("OK", inside.call("SET", "k", "v"));
            assertEquals("PONG", writer.call("PING"));
            // when: more clients than there are descriptors
            for (int i = 0; i < 2 * DESCRIPTORS; i++)
                crowd.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
            awaitFull(server);
            // then
            for (int i = 0; i < 100; i++) assertEquals("v", inside.call("GET", "k"));
            writer.send(List.of("SET", "during", "1"));
            writer.flush();
            assertEquals("v", inside.call("GET", "k"));
            assertTrue(server.isAlive(), server.output());
            // when
            for (Socket each : crowd) each.close();
            // then: the write that waited, and those who come now
            assertEquals("OK", read(writer), server.output());
            try (RespClient next = server.connect()) {
                assertEquals("OK", next.call("SET", "after", "1"));
                assertEquals("1", next.call("GET", "during"));
            }
            assertEquals(0, server.stop(PATIENCE), server.output());
        } finally {
            for (Socket each : crowd) each.close();
        }
    }

    private static Object read(RespClient client) {
        try {
            return client.read();
        } catch (IOException ended) {
            return ended;
        }
    }

    private void awaitFull(ServerProcess server) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (open(server) < DESCRIPTORS - 2) {
            assertTrue(System.nanoTime() - giveUp < 0, "open=" + open(server));
            server.awaitExit(Duration.ofMillis(50));
        }
    }

    private static long open(ServerProcess server) throws IOException {
        try (var files = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
            return files.count();
        }
    }
}
