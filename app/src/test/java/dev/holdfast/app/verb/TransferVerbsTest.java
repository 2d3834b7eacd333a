package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `import` and `export` as a person meets them.
class TransferVerbsTest {
    private static final int TRIES = 100;
    private static final int REPLY_MILLIS_MAX = 30_000;

    @TempDir private Path folder;

    @Test
    void shouldBringInWhatWasWritten() throws IOException {
        // given
        put("a", "1");
        put("b", "two");
        String file = folder.resolve("dump.rdb").toString();
        String data = folder.resolve("from").toString();
        // when
        Ran written = Ran.line("export", "rdb", file, "--data", data, "--quiet", "--json");
        Ran again = Ran.line("export", "rdb", file, "--data", data, "--quiet");
        Ran brought = importFrom(file, "to");
        // then
        assertEquals(0, written.code(), written.toString());
        long bytes = Files.size(Path.of(file));
        assertEquals(
                "{\"keys\":2,\"bytes\":" + bytes + ",\"databases\":{\"db0\":2}}\n", written.out());
        assertEquals(73, again.code());
        assertEquals(0, brought.code(), brought.toString());
        assertTrue(brought.out().contains("\"keys\":2"), brought.out());
        assertTrue(brought.out().contains("\"verified\":true"), brought.out());
        assertEquals("two\n", Ran.line("get", "--data", folder.resolve("to") + "", "b").out());
        assertEquals(64, importFrom(file, "to").code());
        assertFalse(Files.exists(folder.resolve("dump.rdb.partial")));
    }

    @Test
    void shouldSayWhereASnapshotIsDamagedAndGoOnWithTheRightOne() throws IOException {
        // given
        put("a", "1");
        put("b", "two");
        Path file = folder.resolve("dump.rdb");
        String data = folder.resolve("from").toString();
        Ran.line("export", "rdb", file.toString(), "--data", data, "--quiet");
        byte[] right = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(right, right.length - 1));
        // when
        Ran cut = importFrom(file.toString(), "to");
        Files.write(file, right);
        Ran whole = importFrom(file.toString(), "to");
        // then
        assertEquals(65, cut.code(), cut.toString());
        assertTrue(cut.err().contains("snapshot ends early. offset=`"), cut.err());
        assertEquals(0, whole.code(), whole.toString());
        assertEquals(66, importFrom("missing.rdb", "to").code());
    }

    @Test
    void shouldBringInARunningServer() throws Exception {
        assumeTrue(isInstalled(), "redis-server is not installed");
        int port = freePort();
        Process server = start(port);
        try {
            // given
            List<String> calls = new ArrayList<>(List.of("SET gone soon PX 1000000"));
            calls.add("RPUSH list a b c");
            for (int i = 0; i < 700; i++) calls.add("SET key:" + i + " value" + i);
            tell(port, calls);
            // when
            String data = folder.resolve("to").toString();
            Ran ran = Ran.line("import", "redis", "127.0.0.1:" + port, "--data", data, "--json");
            // then
            assertEquals(0, ran.code(), ran.toString());
            assertTrue(ran.out().contains("\"keys\":702"), ran.out());
            assertTrue(ran.out().contains("\"verified\":true"), ran.out());
            assertEquals("value699\n", Ran.line("get", "--data", data, "key:699").out());
            assertEquals("702\n", Ran.line("scan", "--count", "--data", data).out());
            assertTrue(
                    Ran.line("scan", "--json", "--prefix", "gone", "--data", data)
                            .out()
                            .contains("expireAt"));
        } finally {
            server.destroyForcibly();
            server.waitFor(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldSayThatAServerIsNotThere() throws IOException {
        Ran ran = Ran.line("import", "redis", "127.0.0.1:" + freePort(), "--data", folder + "/to");

        assertEquals(69, ran.code(), ran.toString());
        assertEquals(64, Ran.line("import", "redis", "nowhere", "--data", folder + "/to").code());
    }

    private Ran importFrom(String file, String to) {
        String data = folder.resolve(to).toString();
        return Ran.line("import", "rdb", file, "--data", data, "--quiet", "--json");
    }

    private void put(String key, String value) {
        Ran.line("put", "--data", folder.resolve("from").toString(), key, value);
    }

    private static boolean isInstalled() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(part -> Files.isExecutable(Path.of(part, "redis-server")));
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private Process start(int port) throws IOException, InterruptedException {
        List<String> line =
                List.of("redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", "");
        Process process =
                new ProcessBuilder(line)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("redis.log").toFile())
                        .start();
        for (int i = 0; i < TRIES; i++) {
            try (var _ = new Socket("127.0.0.1", port)) {
                return process;
            } catch (IOException notYet) {
                if (process.waitFor(100, TimeUnit.MILLISECONDS)) break;
            }
        }
        process.destroyForcibly();
        throw new IOException(Files.readString(folder.resolve("redis.log")));
    }

    private static void tell(int port, List<String> calls) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(REPLY_MILLIS_MAX);
            String lines = String.join("\r\n", calls) + "\r\nQUIT\r\n";
            socket.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
            byte[] replies = socket.getInputStream().readAllBytes();
            assertFalse(new String(replies, StandardCharsets.UTF_8).contains("-ERR"));
        }
    }
}
