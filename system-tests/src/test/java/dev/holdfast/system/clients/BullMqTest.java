package dev.holdfast.system.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.system.process.Contender;
import dev.holdfast.system.process.NodePackages;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.TestedServer;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What applications do with BullMQ, whose every step is a script: an ordinary day, and a stop and
/// a start of the server in the middle of it. Against the real Redis, too.
@Timeout(240)
class BullMqTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long JOBS_BEFORE = 60;

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(Contender.class)
    void shouldDoAnOrdinaryDay(Contender contender) throws IOException {
        String expected =
                """
                {"workers":1,"plain":"done","logs":["a line"],"late":"at last","isLate":true,
                 "prioritized":4,"order":["first","high","mid","low","last"],"limited":true,
                 "taken":"left","stalled":"left","same":true,"twins":1,
                 "active":"active","closed":"completed",
                 "flaky":"third time","attempts":3,"hopeless":"never",
                 "failed":[["hopeless","never",2]],"oncemore":"never","state":"failed",
                 "schedulers":["clock"],"removed":true,"parent":["part 1","part 2"],
                 "bulk":19900,"waiting":1,"counts":{"failed":1,"active":0}}
                """;
        Path data = Files.createDirectories(folder.resolve("data"));
        try (TestedServer server = contender.startOn(Contender.lastingPort(), data)) {
            Tools.Ended ended = run("bullmq.mjs", server.port());

            assertEquals("", ended.err());
            assertEquals(MAPPER.readTree(expected), MAPPER.readTree(ended.out()));
            assertEquals(0, server.stop(PATIENCE));
        }
    }

    private static Tools.Ended run(String script, int port) {
        try {
            var command = List.of("node", script, Integer.toString(port));
            return Tools.run(NodePackages.folder(), command);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    @ParameterizedTest
    @EnumSource(Contender.class)
    void shouldLoseNoJobAndDoNoneTwiceThoughTheServerIsStoppedAndStartedAgain(Contender contender)
            throws Exception {
        NodePackages.folder();
        Path data = Files.createDirectories(folder.resolve("data"));
        int port = Contender.lastingPort();
        TestedServer server = contender.startOn(port, data);
        try {
            var running = CompletableFuture.supplyAsync(() -> run("bullmq-restart.mjs", port));
            awaitJobs(server, JOBS_BEFORE);
            assertEquals(0, server.stop(PATIENCE));
            server = contender.startOn(port, data);
            awaitJobs(server, jobs(server) + JOBS_BEFORE);
            try (RespClient client = server.connect()) {
                client.call("SET", "finish", "1");
            }
            Tools.Ended ended = running.get(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS);

            System.out.println(contender + " " + ended.err());
            JsonNode seen = MAPPER.readTree(ended.out());
            String where = ended.toString();
            assertEquals(true, seen.get("ticks").asBoolean(), where);
            // Redis may stop without answering what it has done, so that it is done again or waits
            // for long.
            if (contender == Contender.HOLDFAST) checkNothingOdd(seen, where);
            assertEquals(0, server.stop(PATIENCE));
        } finally {
            server.close();
        }
    }

    private static void checkNothingOdd(JsonNode seen, String where) {
        for (String odd : List.of("lost", "unheard", "twice", "unasked"))
            assertEquals(0, seen.get(odd).asInt(), where);
    }

    private static void awaitJobs(TestedServer server, long count) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (jobs(server) < count && System.nanoTime() - giveUp < 0)
            server.awaitExit(Duration.ofMillis(20));
    }

    // BullMQ numbers its jobs with a counter.
    private static long jobs(TestedServer server) throws IOException {
        try (RespClient client = server.connect()) {
            return client.call("GET", "bull:work:id") instanceof String text
                    ? Long.parseLong(text)
                    : 0;
        }
    }
}
