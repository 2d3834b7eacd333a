package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.azure.emulator.Azurite;
import dev.holdfast.azure.emulator.Bend;
import dev.holdfast.azure.emulator.Call;
import dev.holdfast.azure.emulator.Call.Operation;
import dev.holdfast.azure.emulator.FaultyProxy;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills the real server while a container is in the middle of a write, looks at what the next one
/// finds, and runs the verbs on a container.
class AzureCrashTest {
    private static final int CLIENTS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final long seed = Long.getLong("azurecrash.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private FaultyProxy proxy;
    private String url;

    @BeforeEach
    void start() throws Exception {
        Azurite azurite = Azurite.shared();
        proxy = FaultyProxy.before(azurite);
        url = proxy.url(azurite.freshContainer(), "db");
    }

    @AfterEach
    void stop() {
        if (proxy != null) proxy.close();
    }

    @Test
    void shouldKeepEveryAcknowledgedWriteWhenItIsKilledWithinAWriteToTheContainer()
            throws Exception {
        System.out.println("azurecrash.seed=" + seed);
        var ledger = new Ledger(seed, CLIENTS);
        // the log, the manifest: with or without effect
        for (String key : List.of("wal/", "manifest/")) liveOnce(ledger, key);
    }

    @Test
    @Tag("OBJ-16")
    void shouldLoseNothingWhenItIsKilledWithinAnUploadInBlocks() throws Exception {
        // given: a table that goes up in blocks, of which none arrives
        Path log = folder.resolve("server.log");
        String value = "v".repeat(1_000_000);
        try (ServerProcess server = ServerProcess.start(url, log, "--l0-sst-size", "20MiB");
                var client = server.connect()) {
            var reached = new CountDownLatch(1);
            proxy.follow(call -> {
                if (call.operation() != Operation.PUT_BLOCK) return new Bend.None();
                reached.countDown();
                return new Bend.Silence();
            });
            for (int i = 0; i < 30; i++) assertEquals("OK", client.call("SET", "k" + i, i + value));
            assertTrue(reached.await(60, TimeUnit.SECONDS), "no upload");
            // when
            server.kill();
        }
        proxy.behave();
        // then
        try (ServerProcess server = ServerProcess.start(url, log);
                var client = server.connect()) {
            for (int i = 0; i < 30; i++) assertEquals(i + value, client.call("GET", "k" + i));
            assertEquals(0, server.stop(PATIENCE));
        }
        run("fsck", "--data", url);
    }

    @Test
    void shouldLoadCompactCollectAndCopyAContainer() throws Exception {
        // given
        Path rows = folder.resolve("rows.tsv");
        var text = new StringBuilder();
        for (int i = 0; i < 2000; i++) text.append("k%05d\t%d\n".formatted(i, i));
        Files.writeString(rows, text);
        String copy = folder.resolve("copy").toUri().toString();
        // when
        run("load", "-q", "--data", url, rows.toString());
        run("compact", "--data", url, "--style", "everything");
        run("gc", "--data", url, "--min-age", "1s");
        run("backup", url.replaceFirst("az:", "azure:"), copy, "--verify");
        // then
        assertTrue(run("scan", "--count", "--data", copy).contains("2000"));
        run("stats", "--data", url);
    }

    private String run(String... words) {
        var ended = Conditions.ofVerbs().run(folder, words);
        assertEquals(0, ended.code(), () -> List.of(words) + ": " + ended);
        return ended.out();
    }

    private void liveOnce(Ledger ledger, String within) throws Exception {
        Path log = folder.resolve("server.log");
        String[] options = {"--durability", "remote", "--l0-sst-size", "64KiB"};
        Map<Integer, Integer> acknowledged;
        try (ServerProcess server = ServerProcess.start(url, log, options);
                var acks = new AckLog(folder.resolve("acknowledged"))) {
            var fleet = new Fleet(server, ledger.tracks(), 10, acks).start(2);
            server.awaitExit(Duration.ofMillis(500));
            var reached = new CountDownLatch(1);
            Bend bend = random.nextBoolean() ? new Bend.DoAndSilence() : new Bend.Silence();
            proxy.follow(call -> holdsUp(call, within, reached) ? bend : new Bend.None());
            assertTrue(reached.await(60, TimeUnit.SECONDS), "no put below " + within);
            server.kill();
            Fleet.Ends ends = fleet.join();
            assertEquals(List.of(), ends.wrong(), "azurecrash.seed=" + seed);
            assertEquals(0, ends.refused(), "azurecrash.seed=" + seed);
            acknowledged = acks.read();
        }
        proxy.behave();
        try (ServerProcess server = ServerProcess.start(url, log, options)) {
            List<Map<String, String>> found = ledger.read(server);
            ledger.checkKept(found, acknowledged);
            ledger.turn(found);
            assertEquals(0, server.stop(PATIENCE));
        }
    }

    private static boolean holdsUp(Call call, String within, CountDownLatch reached) {
        boolean isIt = call.operation() == Operation.PUT && call.key().contains("/" + within);
        if (isIt) reached.countDown();
        return isIt;
    }
}
