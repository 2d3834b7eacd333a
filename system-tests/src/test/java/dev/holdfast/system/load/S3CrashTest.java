package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.s3.twin.Call;
import dev.holdfast.s3.twin.Call.Operation;
import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.s3.twin.Twist;
import dev.holdfast.system.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills the real server while its bucket is in the middle of a write, and looks at what the next
/// one finds.
class S3CrashTest {
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path folder;

    private final long seed = Long.getLong("s3crash.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void shouldKeepEveryAcknowledgedWriteWhenItIsKilledWithinAWriteToTheBucket() throws Exception {
        System.out.println("s3crash.seed=" + seed);
        try (S3Twin bucket = S3Twin.start()) {
            var ledger = new Ledger(seed, CLIENTS);
            // the log, the tables, the manifest: each with and without effect
            for (String key : List.of("wal/", "manifest/", "compacted/", "wal/", "manifest/"))
                liveOnce(bucket, ledger, key);
        }
    }

    @Test
    @Tag("OBJ-16")
    void shouldLoseNothingWhenItIsKilledWithinAnUploadAndCollectWhatIsLeftOfIt() throws Exception {
        try (S3Twin bucket = S3Twin.start()) {
            // given: a table that goes up in parts, of which none arrives
            String url = bucket.url("bucket/db");
            Path log = folder.resolve("server.log");
            String value = "v".repeat(1_000_000);
            try (ServerProcess server = ServerProcess.start(url, log, "--l0-sst-size", "20MiB");
                    var client = server.connect()) {
                var reached = new CountDownLatch(1);
                bucket.follow(call -> {
                    if (call.operation() != Operation.PUT_PART) return new Twist.None();
                    reached.countDown();
                    return new Twist.Silence();
                });
                for (int i = 0; i < 30; i++)
                    assertEquals("OK", client.call("SET", "k" + i, i + value));
                assertTrue(reached.await(30, TimeUnit.SECONDS), "no upload");
                // when
                server.kill();
            }
            bucket.behave();
            // then
            assertEquals(1, bucket.uploadCount());
            try (ServerProcess server = ServerProcess.start(url, log);
                    var client = server.connect()) {
                for (int i = 0; i < 30; i++) assertEquals(i + value, client.call("GET", "k" + i));
                assertEquals(0, server.stop(PATIENCE));
            }
            assertEquals(0, run("gc", "--data", url, "--min-age", "1s"));
            assertEquals(0, bucket.uploadCount());
            assertEquals(0, run("fsck", "--data", url));
        }
    }

    private int run(String... words) throws Exception {
        var builder = new ProcessBuilder(ServerProcess.command(List.of(words)));
        builder.environment().putAll(ServerProcess.STORE_CREDENTIALS);
        builder.redirectErrorStream(true);
        builder.redirectOutput(folder.resolve("verb.log").toFile());
        Process process = builder.start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running");
        return process.exitValue();
    }

    private void liveOnce(S3Twin bucket, Ledger ledger, String within) throws Exception {
        String url = bucket.url("bucket/db");
        Path log = folder.resolve("server.log");
        String[] options = {"--durability", "remote", "--l0-sst-size", "64KiB"};
        Map<Integer, Integer> acknowledged;
        try (ServerProcess server = ServerProcess.start(url, log, options);
                var acks = new AckLog(folder.resolve("acknowledged"))) {
            var fleet = new Fleet(server, ledger.tracks(), 10, acks).start(2);
            server.awaitExit(Duration.ofMillis(500));
            var reached = new CountDownLatch(1);
            Twist twist = random.nextBoolean() ? new Twist.DoAndSilence() : new Twist.Silence();
            bucket.follow(call -> holdsUp(call, within, reached) ? twist : new Twist.None());
            assertTrue(reached.await(30, TimeUnit.SECONDS), "no put below " + within);
            server.kill();
            Fleet.Ends ends = fleet.join();
            assertEquals(List.of(), ends.wrong(), "s3crash.seed=" + seed);
            assertEquals(0, ends.refused(), "s3crash.seed=" + seed);
            acknowledged = acks.read();
        }
        bucket.behave();
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
