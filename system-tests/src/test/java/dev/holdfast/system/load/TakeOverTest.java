package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two servers on one database: the second is refused, or takes over, and then the first
/// acknowledges nothing more.
class TakeOverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path folder;

    private final long seed = Long.getLong("takeover.seed", System.nanoTime());

    @Test
    void shouldRefuseASecondServerWhileTheFirstLives() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        try (ServerProcess _ = ServerProcess.start(data)) {
            var second =
                    Tools.run(
                            folder,
                            ServerProcess.command(
                                    List.of(
                                            "serve",
                                            "--port",
                                            "0",
                                            "--data",
                                            Databases.url(data))));

            assertNotEquals(0, second.code());
            assertEquals(1, second.err().strip().lines().count(), second.err());
        }
    }

    @Test
    @Tag("MAN-02")
    @Tag("SRV-04")
    void shouldAcknowledgeNothingAfterATakeOver() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        var ledger = new Ledger(seed, 8);
        try (ServerProcess first = ServerProcess.start(data, "--durability", "remote")) {
            var fleet = new Fleet(first, ledger.tracks(), 5, null).start(0);
            first.awaitExit(Duration.ofMillis(700));
            signal(first, "STOP");
            try (ServerProcess second = ServerProcess.start(data, "--take-over")) {
                // when: the first wakes up with its pipelines still full
                signal(first, "CONT");
                first.awaitExit(Duration.ofSeconds(3));
                first.kill();
                Fleet.Ends ends = fleet.join();
                // then
                assertTrue(0 < ends.acknowledged(), "takeover.seed=" + seed);
                ledger.checkKept(ledger.read(second), acknowledged(ledger));
                assertEquals(0, second.stop(PATIENCE));
            }
        }
    }

    private static Map<Integer, Integer> acknowledged(Ledger ledger) {
        return ledger.tracks().stream()
                .collect(Collectors.toMap(Track::client, Track::acknowledged));
    }

    private void signal(ServerProcess server, String name) {
        var ended = Tools.run(folder, List.of("kill", "-" + name, Long.toString(server.pid())));
        assertEquals(0, ended.code(), ended.err());
    }
}
