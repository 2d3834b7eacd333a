package dev.holdfast.system.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.simulation.report.Figures;
import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Loads a million rows of public text through the program, and finds them with redis-cli and with
/// the program's own scan.
class RealInputTest {
    private static final long ROWS = 1_000_000;

    @TempDir Path folder;

    @Test
    void shouldLoadAMillionRowsAndShowThem() throws Exception {
        Tools.assume("redis-cli");
        // given
        Path file = folder.resolve("rows.tsv");
        PublicText.Rows rows = PublicText.write(file, ROWS);
        assumeTrue(
                rows.count() == ROWS,
                "only "
                        + rows.count()
                        + " rows of public text here (wamerican-huge, miscfiles,"
                        + " an apt package index)");
        Path data = Files.createDirectories(folder.resolve("data"));
        String url = Databases.url(data);
        // when
        long start = System.nanoTime();
        var load = holdfast(List.of("load", file.toString(), "--data", url));
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        // then
        assertEquals(0, load.code(), load.out() + load.err());
        Figures.record("rows of public text loaded per second", ROWS * 1000 / millis);
        shouldBeSeenThroughRedis(data, rows);
        shouldBeSeenThroughScan(url, rows);
        var check = holdfast(List.of("fsck", "--data", url));
        assertEquals(0, check.code(), check.out() + check.err());
    }

    private void shouldBeSeenThroughRedis(Path data, PublicText.Rows rows) throws IOException {
        try (ServerProcess server = ServerProcess.start(data)) {
            assertEquals(Long.toString(ROWS), cli(server, "DBSIZE"));
            int byCli = 0;
            for (var row : rows.sample().entrySet()) {
                if (++byCli == 50) break;
                assertEquals(row.getValue().strip(), cli(server, "GET", row.getKey()));
            }
            try (RespClient client = server.connect()) {
                for (var row : rows.sample().entrySet())
                    assertEquals(row.getValue(), utf8(client.call("GET", latin(row.getKey()))));
            }
            assertEquals(0, server.stop(Duration.ofSeconds(60)));
        }
    }

    private void shouldBeSeenThroughScan(String url, PublicText.Rows rows) {
        var scan = holdfast(List.of("scan", "--data", url));
        assertEquals(0, scan.code(), scan.err());
        assertEquals(ROWS, scan.out().lines().count());
        String all = scan.out();
        for (String key : rows.sample().keySet().stream().filter(RealInputTest::isPlain).toList())
            assertTrue(all.contains(latin(key)), () -> "not in the scan: " + key);
    }

    /// True for a text that the scan prints as it is.
    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> ' ' < c && c < 127 && c != '\\');
    }

    private Tools.Ended holdfast(List<String> arguments) {
        return Tools.run(folder, ServerProcess.command(arguments));
    }

    private String cli(ServerProcess server, String... words) {
        var command = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(server.port())));
        command.addAll(List.of(words));
        var ended = Tools.run(folder, command);
        return new String(ended.out().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                .strip();
    }

    /// The bytes of a text, one character each.
    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static Object utf8(Object reply) {
        return reply instanceof String bytes
                ? new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                : String.valueOf(reply);
    }
}
