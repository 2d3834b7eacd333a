package dev.holdfast.system.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.tidy.House;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first command of the README, on a copy of the sources that was never built.
@Tag("long")
class LauncherTest {
    private static final int START_SECONDS_MAX = 600;

    @TempDir Path folder;

    @Test
    void shouldBuildAndServeFromAFreshCopy() throws Exception {
        Tools.assume("mvn");
        // given
        Path copy = copyOfTheSources();
        int port = freePort();
        // when
        Process server =
                new ProcessBuilder("./holdfast", "serve", "--port", Integer.toString(port))
                        .directory(copy.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("out").toFile())
                        .start();
        try {
            awaitPong(server, port);
            try (var client = new RespClient(port)) {
                assertEquals("OK", client.call("SET", "a", "1"));
            }
            server.destroy();
            // then
            assertTrue(server.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, server.exitValue());
        } finally {
            server.destroyForcibly();
        }
        assertEquals("1", holdfast(copy, "get", "a").out().strip());
        assertEquals(0, holdfast(copy, "serve", "--help").code());
        assertEquals(64, holdfast(copy, "no-such-verb").code());
    }

    private Tools.Ended holdfast(Path copy, String... words) {
        var command = new java.util.ArrayList<>(List.of("./holdfast"));
        command.addAll(List.of(words));
        return Tools.run(copy, command);
    }

    private void awaitPong(Process server, int port) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (!answers(port)) {
            boolean isLate = giveUp - System.nanoTime() < 0;
            assertTrue(server.isAlive() && !isLate, () -> read(folder.resolve("out")));
            server.waitFor(100, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean answers(int port) {
        try (var client = new RespClient(port)) {
            return "PONG".equals(client.call("PING"));
        } catch (IOException notYet) {
            return false;
        }
    }

    private Path copyOfTheSources() throws IOException {
        Path copy = folder.resolve("copy");
        for (String name : List.of("pom.xml", "holdfast", "config", ".mvn"))
            copyTree(House.ROOT.resolve(name), copy.resolve(name));
        try (var modules = Files.list(House.ROOT)) {
            for (Path module : modules.filter(it -> Files.exists(it.resolve("pom.xml"))).toList()) {
                Path target = copy.resolve(module.getFileName());
                copyTree(module.resolve("pom.xml"), target.resolve("pom.xml"));
                if (Files.exists(module.resolve("src/main")))
                    copyTree(module.resolve("src/main"), target.resolve("src/main"));
            }
        }
        return copy;
    }

    private static void copyTree(Path source, Path target) throws IOException {
        try (var files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = target.resolve(source.relativize(file).toString()).normalize();
                Files.createDirectories(to.getParent());
                Files.copy(file, to, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String read(Path file) {
        try {
            return Tools.text(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
