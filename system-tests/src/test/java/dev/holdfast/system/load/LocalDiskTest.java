package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.s3.twin.Call;
import dev.holdfast.s3.twin.Call.Operation;
import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.s3.twin.Twist;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.Passage;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real servers with a local log in front of a bucket: what the loss of the disk costs, whose disk
/// may come back, and who may have it.
@Timeout(180)
class LocalDiskTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int REFUSED = 25; // the start failed

    @TempDir private Path folder;

    private ServerProcess start(String url, String disk, String... more) throws IOException {
        // What was started in the background of a script is deaf to SIGINT otherwise.
        return Conditions.usual()
                .under("env", "--default-signal=INT")
                .start(url, log(disk), options(disk, more));
    }

    private String[] options(String disk, String... more) {
        var all = new ArrayList<>(List.of("--local", folder.resolve(disk).toString()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private Path log(String disk) {
        return folder.resolve(disk + ".log");
    }

    private String refusal(String url, String disk) throws IOException {
        try (ServerProcess refused = ServerProcess.launch(url, log(disk), options(disk))) {
            assertTrue(refused.awaitExit(PATIENCE), refused.output());
            assertEquals(REFUSED, refused.exitCode(), refused.output());
            return refused.output();
        }
    }

    private static void set(ServerProcess server, String key, String value) throws IOException {
        try (RespClient client = server.connect()) {
            assertEquals("OK", client.call("SET", key, value));
        }
    }

    private static Object get(ServerProcess server, String key) throws IOException {
        try (RespClient client = server.connect()) {
            return client.call("GET", key);
        }
    }

    // Commits that the bucket has, and some that only the disk has, of a server that is killed.
    private void leaveATail(String url, Passage way) throws IOException {
        try (ServerProcess server = start(url, "a")) {
            try (RespClient client = server.connect()) {
                assertEquals("OK", client.call("CONFIG", "SET", "durability", "remote"));
                assertEquals("OK", client.call("SET", "shipped", "1"));
                assertEquals("OK", client.call("CONFIG", "SET", "durability", "local"));
                way.swallow();
                assertEquals("OK", client.call("SET", "tail", "1"));
            }
            server.kill();
        }
        way.heal();
    }

    private static String url(Passage way) {
        return "s3://bucket/db?attempt-timeout=2s&total-timeout=4s&endpoint=" + way.endpoint();
    }

    @Test
    @Tag("LOC-09")
    void shouldGoOnFromTheBucketWhenTheDiskIsLostAndAPersonSaysSo() throws IOException {
        try (S3Twin bucket = S3Twin.start();
                Passage way = Passage.to(bucket.endpoint())) {
            String url = url(way);
            leaveATail(url, way);
            remove(folder.resolve("a"));

            String said = refusal(url, "a");
            assertTrue(said.contains("owned by another node"), said);

            try (ServerProcess next = start(url, "a", "--take-over")) {
                assertEquals("1", get(next, "shipped"));
                assertNull(get(next, "tail"));
                set(next, "later", "1");
                assertEquals(0, next.stop(PATIENCE), next.output());
            }
            try (ServerProcess last = start(url, "b")) { // drained: nobody is asked
                assertEquals("1", get(last, "later"));
            }
        }
    }

    @Test
    @Tag("LOC-10")
    void shouldKeepTheOldDiskAsideWhenItComesBackAfterATakeOver() throws IOException {
        try (S3Twin bucket = S3Twin.start();
                Passage way = Passage.to(bucket.endpoint())) {
            String url = url(way);
            leaveATail(url, way);
            try (ServerProcess other = start(url, "b", "--take-over")) {
                set(other, "tail", "newer");
                String said = refusal(url, "a");
                assertTrue(said.contains("owned by another node"), said);
                set(other, "shipped", "newer"); // and it was not fenced
                assertEquals(0, other.stop(PATIENCE), other.output());
            }

            try (ServerProcess back = start(url, "a")) {
                assertEquals("newer", get(back, "tail"));
                assertEquals("newer", get(back, "shipped"));
                assertTrue(back.output().contains("kept aside, not replayed"), back.output());
                assertTrue(Files.isDirectory(folder.resolve("a/diverged/1")));
                assertEquals(0, back.stop(PATIENCE), back.output());
            }
        }
    }

    @Test
    @Tag("LOC-12")
    void shouldRefuseASecondProcessOnTheDirectoryAndNotFenceTheFirst() throws IOException {
        try (S3Twin bucket = S3Twin.start();
                Passage way = Passage.to(bucket.endpoint())) {
            String url = url(way);
            try (ServerProcess first = start(url, "a")) {
                set(first, "key", "1");

                Path second = log("second");
                var options = options("a", "--take-over");
                try (ServerProcess refused = ServerProcess.launch(url, second, options)) {
                    assertTrue(refused.awaitExit(PATIENCE), refused.output());
                    assertNotEquals(0, refused.exitCode(), refused.output());
                    String said = refused.output();
                    assertTrue(said.contains("the local directory is in use"), said);
                }

                set(first, "key", "2");
                assertEquals(0, first.stop(PATIENCE), first.output());
            }
        }
    }

    @Test
    void shouldStopInHasteWhileTheBucketIsGoneAndResumeOnTheDisk() throws IOException {
        try (S3Twin bucket = S3Twin.start();
                Passage way = Passage.to(bucket.endpoint())) {
            String url = url(way);
            try (ServerProcess server = start(url, "a")) {
                set(server, "shipped", "1");
                way.swallow();
                set(server, "tail", "1");
                server.signal("INT");
                assertTrue(server.awaitExit(PATIENCE), server.output());
                assertEquals(21, server.exitCode(), server.output());
                assertTrue(server.output().contains("on the local disk alone"), server.output());
            }
            way.heal();
            try (ServerProcess next = start(url, "a")) {
                assertEquals("1", get(next, "tail"));
                assertEquals(0, next.stop(PATIENCE), next.output());
            }
        }
    }

    /// The bucket has the object, and its answer finds nobody: the next life takes it for its own.
    @Test
    @Tag("LOC-08")
    void shouldShipAgainWhatTheBucketTookWhenItWasKilled() throws Exception {
        try (S3Twin bucket = S3Twin.start()) {
            String url = bucket.url("bucket/db");
            int written = 0;
            for (String within : List.of("/wal/", "/compacted/", "/manifest/", "/wal/")) {
                // Where tables are small, the log has nothing that they do not have.
                String table = within.equals("/wal/") ? "64MiB" : "64KiB";
                try (ServerProcess server = start(url, "a", "--l0-sst-size", table);
                        RespClient client = server.connect()) {
                    requireAll(client, written);
                    var reached = new CountDownLatch(1);
                    bucket.follow(call -> isPutBelow(within, call, reached));
                    for (int i = 0; i < 20 || 0 < reached.getCount(); i++) {
                        assertTrue(i < 500, "nothing is put below " + within);
                        assertEquals("OK", client.call("SET", "k" + written, value(written)));
                        written++;
                        server.awaitExit(Duration.ofMillis(10));
                    }
                    server.kill();
                }
                bucket.behave();
            }
            try (ServerProcess last = start(url, "a");
                    RespClient client = last.connect()) {
                requireAll(client, written);
                assertEquals(0, last.stop(PATIENCE), last.output());
            }
            try (ServerProcess elsewhere = start(url, "b"); // the bucket alone
                    RespClient client = elsewhere.connect()) {
                requireAll(client, written);
                assertEquals(0, elsewhere.stop(PATIENCE), elsewhere.output());
            }
        }
    }

    private static Twist isPutBelow(String folder, Call call, CountDownLatch reached) {
        boolean isIt = call.operation() == Operation.PUT && call.key().contains(folder);
        if (!isIt) return new Twist.None();
        reached.countDown();
        return new Twist.DoAndSilence();
    }

    private static void requireAll(RespClient client, int written) throws IOException {
        for (int i = 0; i < written; i++) assertEquals(value(i), client.call("GET", "k" + i));
    }

    private static String value(int number) {
        return number + "v".repeat(4000);
    }

    private void remove(Path directory) {
        var ended = Tools.run(folder, List.of("rm", "-r", directory.toString()));
        assertEquals(0, ended.code(), ended.err());
    }
}
