package dev.holdfast.system.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.s3.twin.Call.Operation;
import dev.holdfast.s3.twin.Twist;
import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A compaction of the real program has no room on its disk, no memory, or is told to end: it
/// fails, the writer lives, and nothing is lost.
class CompactionFaultsTest {
    private static final int MEBIBYTES = 48;
    private static final int TABLES = 4;
    private static final int VALUES = 16;
    private static final int VALUE = 64 << 10;
    private static final Settings UNCOMPACTED =
            Settings.defaults().but().compaction(CompactionSettings.off()).build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    @Test
    @Tag("CMP-06")
    void shouldLetTheWriterLiveWhenItsDiskIsFull() throws Exception {
        Path disk = mounted();
        try {
            // given: no room for all tables once more
            Path data = Files.createDirectories(disk.resolve("db"));
            TreeMap<Bytes, Bytes> model = fill(data);
            Path filler = disk.resolve("filler");
            fillUpTo(disk, filler, 3 << 20);
            Path log = folder.resolve("server.log");
            try (ServerProcess server =
                    ServerProcess.start(
                            Databases.url(data), log, "--compaction", "tiered", "--local", "off")) {
                // when
                awaitSaid(server, "compact");
                // then: whatever the next attempt to compact takes of what is left
                for (int i = 0; i < 20; i++) awaitTaken(server, "k" + i);
                try (RespClient client = server.connect()) {
                    assertEquals("v", client.call("GET", "k0"));
                }
                // when: there is room again
                Files.delete(filler);
                awaitTaken(server, "after");
                assertEquals(0, server.stop(PATIENCE), server.output());
            }
            var compacted =
                    Conditions.ofVerbs()
                            .run(folder, "compact", "--style", "everything", "--data", "" + data);
            assertEquals(0, compacted.code(), compacted.err());
            try (var db = Databases.openReader(data)) {
                assertTrue(Databases.rows(db).entrySet().containsAll(model.entrySet()));
            }
        } finally {
            Tools.run(folder, List.of("umount", "-l", disk.toString()));
        }
    }

    // A file system gives room back a moment after the file has gone: whoever was refused until
    // then asks again.
    private static void awaitTaken(ServerProcess server, String key) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (!isTaken(server, key)) {
            assertTrue(System.nanoTime() - giveUp < 0, server.output());
            assertFalse(server.awaitExit(Duration.ofMillis(100)), server.output());
        }
    }

    private static boolean isTaken(ServerProcess server, String key) {
        try (RespClient client = server.connect()) {
            return "OK".equals(client.call("SET", key, "v"));
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    @Tag("CMP-06")
    void shouldLetTheWriterLiveWhenACompactorHasNoMemoryOrIsToldToEnd() throws Exception {
        try (Bucket bucket = new Bucket()) {
            TreeMap<Bytes, Bytes> model = bucket.fill("db", TABLES, 2000);
            Path log = folder.resolve("server.log");
            String[] options = {"--path", "db", "--compaction", "off"};
            try (ServerProcess server = ServerProcess.start(bucket.url(), log, options);
                    RespClient client = server.connect()) {
                assertEquals("OK", client.call("SET", "before", "v"));
                // when
                Conditions starved =
                        Conditions.ofVerbs()
                                .flag("-Xmx10m")
                                .flag("-XX:+ExitOnOutOfMemoryError"); // as the launcher does
                var ended = starved.run(folder, compact(bucket).toArray(String[]::new));
                // then
                assertNotEquals(0, ended.code(), ended.out());
                assertEquals("OK", client.call("SET", "between", "v"));
                // when
                interrupt(bucket);
                // then
                assertEquals("OK", client.call("SET", "after", "v"));
                assertEquals("v", client.call("GET", "before"));
                assertEquals(0, server.stop(PATIENCE), server.output());
            }
            bucket.compact("db");
            assertTrue(bucket.contents("db").entrySet().containsAll(model.entrySet()));
            assertEquals(List.of(), bucket.fsck("db").problems());
        }
    }

    private static List<String> compact(Bucket bucket) {
        return List.of("compact", "--style", "everything", "--data", bucket.url(), "--path", "db");
    }

    /// Tells a compactor to end while it writes its first table.
    private void interrupt(Bucket bucket) throws Exception {
        var reached = new CountDownLatch(1);
        bucket.twin()
                .follow(call -> {
                    if (call.operation() != Operation.PUT || !call.key().contains("/compacted/"))
                        return new Twist.None();
                    reached.countDown();
                    return new Twist.Slow(Duration.ofSeconds(5));
                });
        Process process =
                Conditions.ofVerbs()
                        .builder(compact(bucket))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("compact.log").toFile())
                        .start();
        try {
            assertTrue(reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it never began");
            process.destroy();
            assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it goes on");
            // then: in order, with its last words and a report
            String said = Files.readString(folder.resolve("compact.log"));
            assertEquals(0, process.exitValue(), said);
            assertTrue(said.contains("0 compactions"), said);
            assertTrue(said.contains("stop of compactor"), said);
        } finally {
            process.destroyForcibly();
            bucket.twin().behave();
        }
    }

    private Path mounted() throws IOException {
        Tools.assumeRoot();
        Path disk = Files.createDirectories(folder.resolve("disk"));
        String size = "size=" + MEBIBYTES + "m";
        var mount = List.of("mount", "-t", "tmpfs", "-o", size, "tmpfs", disk.toString());
        var tried = Tools.run(folder, mount);
        assumeTrue(tried.code() == 0, "nothing can be mounted here: " + tried.err().strip());
        return disk;
    }

    /// Some tables of bytes that nothing compresses.
    private static TreeMap<Bytes, Bytes> fill(Path data) {
        var model = new TreeMap<Bytes, Bytes>();
        var random = new Random(11);
        try (HoldfastDb db = Databases.open(data, UNCOMPACTED)) {
            for (int table = 0; table < TABLES; table++) {
                for (int i = 0; i < VALUES; i++) {
                    byte[] value = new byte[VALUE];
                    random.nextBytes(value);
                    Bytes key = Bytes.utf8("big" + table + ":" + i);
                    db.write(new WriteBatch().put(key, Bytes.wrap(value)), Durability.MEMORY);
                    model.put(key, Bytes.wrap(value));
                }
                db.flushMemtables();
            }
        }
        return model;
    }

    private static void fillUpTo(Path disk, Path filler, long left) throws IOException {
        long room = Files.getFileStore(disk).getUsableSpace() - left;
        assertTrue(0 < room, "room=" + room);
        try (var out = Files.newOutputStream(filler)) {
            byte[] chunk = new byte[1 << 16];
            for (long written = 0; written < room; written += chunk.length) out.write(chunk);
        }
    }

    private static void awaitSaid(ServerProcess server, String words) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (!server.output().contains(words)) {
            assertTrue(System.nanoTime() - giveUp < 0, server.output());
            server.awaitExit(Duration.ofMillis(50));
        }
    }
}
