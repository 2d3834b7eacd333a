package dev.holdfast.system.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.s3.twin.Call;
import dev.holdfast.s3.twin.Call.Operation;
import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.s3.twin.Twist;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.RespClient.Failure;
import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the real server does when its bucket does not have, or does not give, what the manifest
/// names.
class MissingTableTest {
    private static final int ROWS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Twist GONE = new Twist.Refuse(404, "NoSuchKey");

    @TempDir Path folder;

    @Test
    @Tag("OBJ-13")
    void shouldNameTheTableThatIsGoneAndReadOnWhenItIsBack() throws IOException {
        try (S3Twin bucket = S3Twin.start()) {
            String url = filled(bucket);
            Set<String> asked = ConcurrentHashMap.newKeySet();
            try (ServerProcess server = start(url);
                    RespClient client = server.connect()) {
                // when
                bucket.follow(call -> {
                    if (!isReadOfATable(call)) return new Twist.None();
                    asked.add(call.key());
                    return GONE;
                });
                Object refused = client.call("GET", "k7");
                // then: a typed error that names it, and nobody else suffers
                var failure = assertInstanceOf(Failure.class, refused);
                assertTrue(
                        asked.stream().anyMatch(table -> failure.message().contains(name(table)))
                                || asked.stream().anyMatch(table -> said(server, name(table))),
                        failure + said(server));
                assertEquals("PONG", client.call("PING"));
                // when
                bucket.behave();
                // then: once the reads that had begun are over
                awaitRead(client, "k0");
                for (int i = 0; i < ROWS; i++) assertEquals("v" + i, client.call("GET", "k" + i));
                assertEquals(0, server.stop(PATIENCE), server.output());
            }
        }
    }

    @Test
    @Tag("OBJ-13")
    void shouldReadFromTheNewerTablesWhenACompactionHasReplacedThoseThatAreGone()
            throws IOException {
        try (S3Twin bucket = S3Twin.start()) {
            String url = filled(bucket);
            try (ServerProcess server = start(url);
                    RespClient client = server.connect()) {
                // when: another process compacts, and its sources vanish at once
                Set<String> written = ConcurrentHashMap.newKeySet();
                bucket.follow(call -> {
                    if (call.operation() == Operation.PUT) written.add(call.key());
                    return new Twist.None();
                });
                var compacted =
                        Conditions.ofVerbs()
                                .run(folder, "compact", "--style", "everything", "--data", url);
                assertEquals(0, compacted.code(), compacted.err());
                bucket.follow(call ->
                        isReadOfATable(call) && !written.contains(call.key())
                                ? GONE
                                : new Twist.None());
                // then: it looks at the manifest, and all is there
                awaitRead(client, "k0");
                for (int i = 0; i < ROWS; i++)
                    assertEquals("v" + i, client.call("GET", "k" + i), () -> said(server));
            }
        }
    }

    @Test
    @Tag("OBJ-19")
    void shouldServeWhatItHoldsWhileItsCredentialsAreRefusedAndGoOnAfterwards() throws IOException {
        try (S3Twin bucket = S3Twin.start()) {
            String url = filled(bucket);
            try (ServerProcess server = ServerProcess.start(url, log());
                    RespClient client = server.connect()) {
                for (int i = 0; i < ROWS; i++) assertEquals("v" + i, client.call("GET", "k" + i));
                // when
                bucket.follow(_ -> new Twist.Refuse(400, "ExpiredToken"));
                assertEquals("OK", client.call("CONFIG", "SET", "durability-timeout", "1"));
                // then: cached reads go on, writes are not acknowledged, and the reason is said
                for (int i = 0; i < ROWS; i++) assertEquals("v" + i, client.call("GET", "k" + i));
                assertEquals(false, isAcknowledged(server, "within"));
                assertTrue(said(server, "expired"), said(server));
                // when
                bucket.behave();
                // then
                long giveUp = System.nanoTime() + PATIENCE.toNanos();
                while (!isAcknowledged(server, "after"))
                    assertTrue(System.nanoTime() - giveUp < 0, () -> said(server));
                assertEquals(0, server.stop(PATIENCE), server.output());
            }
        }
    }

    private static void awaitRead(RespClient client, String key) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (client.call("GET", key) instanceof Failure failure)
            assertTrue(System.nanoTime() - giveUp < 0, failure.message());
    }

    private static boolean isAcknowledged(ServerProcess server, String key) {
        try (RespClient client = server.connect()) {
            return "OK".equals(client.call("SET", key, "1"));
        } catch (IOException unknown) {
            return false;
        }
    }

    /// A database whose rows are all in several tables.
    private String filled(S3Twin bucket) throws IOException {
        String url = bucket.url("bucket/db");
        for (int part = 0; part < 2; part++) {
            try (ServerProcess server = ServerProcess.start(url, log());
                    RespClient client = server.connect()) {
                for (int i = part; i < ROWS; i += 2)
                    assertEquals("OK", client.call("SET", "k" + i, "v" + i));
                assertEquals(0, server.stop(PATIENCE), server.output());
            }
        }
        return url;
    }

    /// A server that keeps nothing of what it read.
    private ServerProcess start(String url) throws IOException {
        return ServerProcess.start(url, log(), "--block-cache-size", "1", "--compaction", "off");
    }

    private Path log() {
        return folder.resolve("server.log");
    }

    private static boolean isReadOfATable(Call call) {
        boolean isRead = call.operation() == Operation.GET || call.operation() == Operation.HEAD;
        return isRead && call.key().contains("/compacted/");
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private static boolean said(ServerProcess server, String words) {
        return said(server).contains(words);
    }

    private static String said(ServerProcess server) {
        try {
            return server.output();
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
