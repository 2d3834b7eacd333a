package dev.holdfast.system.large;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.report.Figures;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.RespClient.Failure;
import dev.holdfast.system.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real server with a small heap and values many times as large: they are filled, looked at
/// here and there and as a whole, refused where they would have to be held, removed at once, and
/// their space comes back.
class LargeValuesTest {
    private static final int CONTENT_BYTES = 1000;
    private static final Duration STOP_MAX = Duration.ofSeconds(120);
    private static final Duration PATIENCE = Duration.ofMinutes(10); // to copy a large value
    private static final long MIB = 1 << 20;

    @TempDir Path folder;

    /// How large all is.
    ///
    /// @param timesHeap the bytes of all values, in heaps
    private record Size(int heapMib, int timesHeap) {
        Filling filling() {
            long each = heapMib * MIB * timesHeap / Filling.KINDS.size();
            return new Filling(each / CONTENT_BYTES, CONTENT_BYTES);
        }

        /// What else a JVM takes, and room for the collector of a small heap.
        long residentMax() {
            return heapMib * MIB * 3 / 2 + 300 * MIB;
        }
    }

    @Test
    @Timeout(900)
    void shouldServeValuesLargerThanItsMemory() throws IOException {
        live(new Size(64, 1), "-XX:+UseParallelGC"); // as the launcher starts it
    }

    @Test
    @Tag("long")
    void shouldServeEightTimesItsMemory() throws IOException {
        var size =
                new Size(
                        Integer.getInteger("large.heap", 192),
                        Integer.getInteger("large.times", 8));
        live(size, System.getProperty("large.gc", "-XX:+UseG1GC"));
        Figures.record("MiB of collections served by a heap of MiB / 8", size.heapMib * 8L);
    }

    @Test
    @Tag("long")
    void shouldRemoveFiveMillionMembersInFiveMilliseconds() throws IOException {
        var size = new Size(512, 1);
        int members = Integer.getInteger("large.members", 5_000_000);
        try (ServerProcess server = start(size, "-XX:+UseParallelGC");
                RespClient client = server.connect()) {
            addMembers(client, members);
            assertEquals((long) members, client.call("SCARD", "members"));
            client.call("SADD", "one", "member");
            long seenOfOne = delete(client, "one"); // what is called first is loaded first
            for (int i = 0; i < 20; i++) {
                client.call("SADD", "one", "member");
                seenOfOne = Math.min(seenOfOne, delete(client, "one"));
            }
            client.call("CONFIG", "RESETSTAT");
            long seen = delete(client, "members");
            String stats = String.valueOf(client.call("INFO", "commandstats"));
            long micros =
                    Long.parseLong(
                            stats.replaceAll("(?s).*cmdstat_del:calls=1,usec=(\\d+).*", "$1"));
            Figures.record("DEL of " + members + " members, us in the server", micros);
            Figures.record("DEL of " + members + " members, us until it was durable", seen);
            Figures.record("DEL of 1 member beside it, us until it was durable", seenOfOne);
            assertTrue(micros < 5_000, "usec=" + micros);
            assertEquals(0L, client.call("EXISTS", "members"));
            assertEquals(0, server.stop(STOP_MAX), server.output());
        }
        checkSpaceReturns(new Filling(members / 100, 100));
    }

    private static long delete(RespClient client, String key) throws IOException {
        long begun = System.nanoTime();
        assertEquals(1L, client.call("DEL", key));
        return (System.nanoTime() - begun) / 1000;
    }

    private static void addMembers(RespClient client, int members) throws IOException {
        int together = 1000;
        int waiting = 0;
        for (int from = 0; from < members; from += together) {
            var call = new ArrayList<>(List.of("SADD", "members"));
            for (int i = from; i < Math.min(members, from + together); i++) call.add("member-" + i);
            client.send(call);
            if (++waiting < 20) continue;
            client.flush();
            for (; 0 < waiting; waiting--) client.read();
        }
        client.flush();
        for (; 0 < waiting; waiting--) client.read();
    }

    private ServerProcess start(Size size, String collector) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        return Conditions.usual()
                .flag("-Xmx" + size.heapMib + "m")
                .flag(collector)
                .flag("-XX:+ExitOnOutOfMemoryError")
                .start(data.toUri().toString(), folder.resolve("server.log"));
    }

    private void live(Size size, String collector) throws IOException {
        Filling filling = size.filling();
        try (ServerProcess server = start(size, collector);
                RespClient client = new RespClient(server.port(), PATIENCE)) {
            fill(server, client, filling);
            look(client, filling);
            for (Filling.Kind kind : Filling.KINDS) readAll(client, kind, filling);
            refuseToHold(client);
            copyAndRename(client, filling);
            long resident = residentBytes(server);
            assertTrue(resident < size.residentMax(), "resident=" + resident);
            assertEquals(0, server.stop(STOP_MAX), server.output());
        }
        try (ServerProcess server = start(size, collector);
                RespClient client = server.connect()) {
            look(client, filling);
            for (Filling.Kind kind : Filling.KINDS) {
                assertEquals(1L, client.call("DEL", kind.key()));
                assertEquals(0L, client.call("EXISTS", kind.key()));
            }
            assertEquals("OK", client.call("SET", "still", "here"));
            assertEquals(0, server.stop(STOP_MAX), server.output());
        }
        checkSpaceReturns(filling);
    }

    private static void fill(ServerProcess server, RespClient client, Filling filling)
            throws IOException {
        try {
            filling.into(client);
        } catch (IOException ended) {
            throw new AssertionError(server.output(), ended);
        }
    }

    private static void look(RespClient client, Filling filling) throws IOException {
        for (Filling.Kind kind : Filling.KINDS)
            assertEquals(filling.elements(), client.call(kind.count(), kind.key()));
        var random = new SplittableRandom(7);
        for (int i = 0; i < 50; i++) {
            long number = random.nextLong(filling.elements());
            String content = filling.content(number);
            assertEquals(content, client.call("HGET", "hash", "f" + number));
            assertEquals(content, client.call("LINDEX", "list", "" + number));
            assertEquals(1L, client.call("SISMEMBER", "set", content));
            assertEquals(number, client.call("ZRANK", "zset", content));
            assertEquals(
                    List.of(List.of(number + 1 + "-0", List.of("v", content))),
                    client.call("XRANGE", "stream", number + 1 + "-0", number + 1 + "-0"));
        }
    }

    /// Reads a whole value, element by element, as it comes.
    private static void readAll(RespClient client, Filling.Kind kind, Filling filling)
            throws IOException {
        client.send(kind.whole());
        client.flush();
        assertEquals(filling.elements() * kind.width(), client.readListHead(), kind.key());
        boolean isOrdered = kind.width() == 1 && !kind.key().equals("set");
        for (long number = 0; number < filling.elements(); number++) {
            Object element = client.read();
            if (kind.width() == 2) client.read();
            if (!isOrdered || number % 1000 != 0) continue;
            String content = filling.content(number);
            assertTrue(String.valueOf(element).contains(content), kind.key());
        }
        assertEquals("PONG", client.call("PING"));
    }

    private static void refuseToHold(RespClient client) throws IOException {
        for (Filling.Kind kind : Filling.KINDS) {
            client.call("MULTI");
            client.call(kind.whole().toArray(String[]::new));
            if (!(client.call("EXEC") instanceof List<?> replies)) throw new AssertionError();
            assertTrue(isRefused(replies.getFirst()), kind.key());
        }
        assertTrue(isRefused(client.call("SUNIONSTORE", "copy", "set")));
        assertTrue(isRefused(client.call("SORT", "list", "ALPHA")));
        assertTrue(isRefused(client.call("ZRANGESTORE", "copy", "zset", "0", "-1")));
        assertTrue(isRefused(client.call("XREAD", "STREAMS", "stream", "0")));
        assertEquals(0L, client.call("EXISTS", "copy"));
    }

    // What one run may not hold is copied beforehand, unseen.
    private static void copyAndRename(RespClient client, Filling filling) throws IOException {
        assertEquals(1L, client.call("COPY", "hash", "copy"));
        assertEquals("OK", client.call("RENAME", "copy", "renamed"));
        assertEquals(0L, client.call("EXISTS", "copy"));
        assertEquals(filling.elements(), client.call("HLEN", "renamed"));
        assertEquals(filling.content(7), client.call("HGET", "renamed", "f7"));
        assertEquals(1L, client.call("DEL", "renamed"));
    }

    private static boolean isRefused(Object reply) {
        return reply instanceof Failure failure && failure.message().startsWith("OOM ");
    }

    private static long residentBytes(ServerProcess server) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")))
            if (line.startsWith("VmHWM:")) return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        throw new AssertionError("no VmHWM");
    }

    private void checkSpaceReturns(Filling filling) throws IOException {
        String data = folder.resolve("data").toUri().toString();
        var compacted =
                Conditions.usual()
                        .run(
                                folder,
                                "compact",
                                "--data",
                                data,
                                "--style",
                                "everything",
                                "--drop-dead");
        assertEquals(0, compacted.code(), compacted.out() + compacted.err());
        var stats = Conditions.ofVerbs().run(folder, "stats", "--data", data, "--json");
        assertEquals(0, stats.code(), stats.err());
        System.out.println("large data after DEL and compaction: " + stats.out());
        long whole = filling.elements() * filling.bytes() * Filling.KINDS.size();
        assertTrue(liveBytes(stats.out()) < whole / 50, stats.out());
    }

    private static long liveBytes(String json) {
        return new tools.jackson.databind.json.JsonMapper()
                .readTree(json)
                .path("total")
                .path("bytes")
                .asLong();
    }
}
