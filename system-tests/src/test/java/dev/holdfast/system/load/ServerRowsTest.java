package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows of the fault matrix on the real server: manifests that are damaged, or of yesterday.
class ServerRowsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final long seed = Long.getLong("rows.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    private Path data() throws IOException {
        return Files.createDirectories(folder.resolve("data"));
    }

    @Test
    @Tag("MAN-05")
    void shouldRefuseToStartOnADamagedManifestAndNameIt() throws IOException {
        Path data = data();
        live(data, 20);
        Path manifest = manifests(data).getLast();
        byte[] whole = Files.readAllBytes(manifest);
        byte[] damaged = whole.clone();
        damaged[random.nextInt(whole.length)] ^= 0x10;
        Files.write(manifest, damaged);

        var ended = serve(data);

        assertNotEquals(0, ended.code(), "rows.seed=" + seed);
        assertTrue(said(ended).contains(manifest.getFileName().toString()), said(ended));
        assertEquals(manifest, manifests(data).getLast(), "it wrote behind it");
        Files.write(manifest, whole);
        live(data, 1);
    }

    @Test
    @Tag("MAN-08")
    void shouldRefuseToStartOnAManifestOfYesterday() throws IOException {
        // given
        Path data = data();
        live(data, 20);
        Path copy = Files.createDirectories(folder.resolve("copy"));
        for (Path each : manifests(data)) Files.copy(each, copy.resolve(each.getFileName()));
        live(data, 20);
        Tools.run(folder, List.of("sleep", "2"));
        live(data, 1); // so that the store shows its time
        var gc = List.of("gc", "--data", Databases.url(data), "--min-age", "1s");
        assertEquals(0, Tools.run(folder, ServerProcess.command(gc)).code());
        // when
        for (Path each : manifests(data)) Files.delete(each);
        try (var kept = Files.list(copy)) {
            for (Path each : kept.toList())
                Files.copy(each, data.resolve("manifest").resolve(each.getFileName()));
        }
        // then
        var ended = serve(data);
        assertNotEquals(0, ended.code());
        assertTrue(said(ended).contains("wal/"), said(ended));
    }

    /// A server that takes `writes`, each in a log object of its own, and stops in order.
    private static void live(Path data, int writes) throws IOException {
        try (ServerProcess server = ServerProcess.start(data, "--local", "off")) {
            try (RespClient client = server.connect()) {
                for (int i = 0; i < writes; i++)
                    assertEquals("OK", client.call("SET", "key" + i, "value"));
            }
            assertEquals(0, server.stop(PATIENCE), server.output());
        }
    }

    private Tools.Ended serve(Path data) {
        var words =
                List.of("serve", "--port", "0", "--local", "off", "--data", Databases.url(data));
        return Tools.run(folder, ServerProcess.command(words));
    }

    private static String said(Tools.Ended ended) {
        return ended.out() + ended.err();
    }

    private static List<Path> manifests(Path data) throws IOException {
        try (var files = Files.list(data.resolve("manifest"))) {
            return new ArrayList<>(files.sorted().toList());
        }
    }
}
