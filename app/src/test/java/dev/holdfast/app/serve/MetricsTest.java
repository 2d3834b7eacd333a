package dev.holdfast.app.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.app.admin.AdminServer.IfTaken;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase.Claim;
import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import dev.holdfast.redis.RedisOptions;
import dev.holdfast.redis.StopControl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `/metrics` shows: in the form that Prometheus reads, as the page for operators says, and
/// with figures that move.
@Timeout(60)
class MetricsTest {
    private static final Path PAGE = Path.of("../docs/operating/monitor.md");
    private static final Pattern ROW =
            Pattern.compile(
                    "^\\| `(holdfast_\\w+)` \\| (gauge|counter) \\| (.+) \\|$", Pattern.MULTILINE);
    private static final Pattern SAMPLE =
            Pattern.compile("(holdfast_\\w+)(\\{[a-z]+=\"[a-z_]+\"})? (\\d+(?:\\.\\d+)?)");

    @TempDir private Path folder;

    @Test
    void shouldBeListedOnThePage() throws IOException {
        List<String> listed =
                ROW.matcher(Files.readString(PAGE))
                        .results()
                        .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3))
                        .toList();
        List<String> known =
                Arrays.stream(Metric.values())
                        .map(metric ->
                                metric.title() + " " + metric.kind().word() + " " + metric.help())
                        .toList();
        assertEquals(String.join("\n", known), String.join("\n", listed));
    }

    @Test
    void shouldTellWhatAServerDoes() throws Exception {
        // given
        Server server = server();
        server.scope().start();
        String value = "x".repeat(20_000);
        // when
        redis(server, 24, i -> "SET key" + i % 8 + " " + value);
        awaitCompaction(server);
        redis(server, 8, i -> "STRLEN key" + i);
        redis(server, 1, _ -> "SET last 1");
        Map<String, Double> figures = figures(server);
        // then
        assertTrue(0 < figures.get("holdfast_l0_flushes_total"), figures::toString);
        assertTrue(0 < figures.get("holdfast_l0_bytes_total"));
        assertTrue(0 < figures.get("holdfast_compaction_bytes_read_total"));
        assertTrue(0 < figures.get("holdfast_compaction_bytes_written_total"));
        assertTrue(0 < figures.get("holdfast_compaction_seconds_total"));
        assertTrue(0 < figures.get("holdfast_compaction_rows_read_total"));
        assertTrue(
                figures.containsKey("holdfast_compaction_rows_dropped_total{reason=\"hidden\"}"));
        assertTrue(0 < figures.get("holdfast_memory_limit_bytes"));
        assertTrue(0 < figures.get("holdfast_memory_held_bytes{use=\"memtables\"}"));
        assertTrue(0 < figures.get("holdfast_disk_cache_misses_total"));
        assertTrue(0 < figures.get("holdfast_disk_cache_bytes"));
        assertTrue(figures.containsKey("holdfast_disk_cache_hits_total"));
        assertTrue(figures.containsKey("holdfast_disk_cache_evictions_total"));
        for (String kind : List.of("reads", "looks", "listings", "writes", "deletes"))
            assertTrue(figures.containsKey("holdfast_store_" + kind + "_total"), kind);
        assertTrue(figures.containsKey("holdfast_store_cost_nanodollars_total"));
        for (String kind : List.of("failures", "slow_downs", "given_up"))
            assertTrue(figures.containsKey("holdfast_store_" + kind + "_total"), kind);
        assertTrue(figures.containsKey("holdfast_store_retries_total{reason=\"no_answer\"}"));
        // What comes together is one commit.
        assertTrue(2 <= figures.get("holdfast_seq_applied"));
        assertTrue(2 <= figures.get("holdfast_seq_local"));
        server.scope().stop(Mode.SMART, Duration.ofSeconds(30), "the test is over");
    }

    private static void awaitCompaction(Server server) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        Map<String, Double> figures = figures(server);
        while (System.nanoTime() < end
                && (figures.get("holdfast_compactions_total") == 0
                        || figures.get("holdfast_collections_total") == 0))
            figures = figures(server);
        assertTrue(0 < figures.get("holdfast_compactions_total"), figures::toString);
        assertTrue(0 < figures.get("holdfast_collections_total"), figures::toString);
    }

    // Every metric is there, once declared, before its samples, and none that is not known.
    private static Map<String, Double> figures(Server server) throws Exception {
        Map<String, Double> figures = new TreeMap<>();
        var declared = new TreeSet<String>();
        var known = new TreeSet<String>();
        for (Metric metric : Metric.values()) known.add(metric.title());
        List<String> lines = page(server).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("# HELP ")) {
                String name = line.split(" ")[2];
                assertTrue(declared.add(name), "declared twice: " + name);
                assertTrue(lines.get(i + 1).startsWith("# TYPE " + name + " "), name);
            } else if (!line.startsWith("# TYPE ")) {
                MatchResult sample = sample(line);
                assertTrue(declared.contains(sample.group(1)), line);
                String part = sample.group(2) == null ? "" : sample.group(2);
                figures.put(sample.group(1) + part, Double.valueOf(sample.group(3)));
            }
        }
        assertEquals(known, declared);
        return figures;
    }

    private static MatchResult sample(String line) {
        var form = SAMPLE.matcher(line);
        assertTrue(form.matches(), line);
        return form.toMatchResult();
    }

    private Server server() {
        CompactionSettings tiered = CompactionSettings.defaults();
        Settings settings =
                Settings.defaults()
                        .but()
                        .l0SstSize(ByteSize.kibibytes(64))
                        .blockCacheSize(ByteSize.kibibytes(16))
                        .compaction(tiered)
                        .collectionInterval(Duration.ofMillis(50))
                        .build();
        var data = DatabaseLocation.of(folder.resolve("data").toString(), "");
        LocalSettings local =
                LocalSettings.in(folder.resolve("local")).withSegmentSize(ByteSize.kibibytes(64));
        var cache = DiskCacheSettings.of(folder.resolve("cache"), ByteSize.mebibytes(8));
        var server =
                new ServerSettings(
                        data,
                        RedisOptions.defaults().at("127.0.0.1", 0),
                        settings,
                        new ServerSettings.Resources(ByteSize.mebibytes(64), cache, local),
                        new ServerSettings.AdminAddress("127.0.0.1", 0, IfTaken.FAIL));
        var hold = new Server.Hold(data.lock(Env.system()), Claim.IF_FREE);
        return new Server(server, hold, new NoControl(), Env.system());
    }

    private static void redis(Server server, int count, IntFunction<String> request)
            throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            for (int i = 0; i < count; i++) {
                String line = request.apply(i) + "\r\n";
                socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
            }
            var replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            for (int i = 0; i < count; i++) {
                String reply = replies.readLine();
                assertTrue(reply.startsWith("+") || reply.startsWith(":"), reply);
            }
        }
    }

    private static String page(Server server) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.adminPort() + "/metrics");
            var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static final class NoControl implements StopControl {
        @Override
        public void stop(Mode mode, String reason) {}

        @Override
        public boolean resume() {
            return false;
        }
    }
}
