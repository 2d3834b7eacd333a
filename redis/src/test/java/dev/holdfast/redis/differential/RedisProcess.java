package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real redis-server of version 7.0 for as long as a test runs.
final class RedisProcess implements AutoCloseable {
    private static final int TRIES = 100;
    private static final int STOP_SECONDS_MAX = 60;

    private final Process process;
    private final int port;

    private RedisProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts one, or skips the test aloud where none of version 7.0 is installed.
    static RedisProcess start(Path directory) throws IOException, InterruptedException {
        return start(directory, List.of());
    }

    /// Starts one with more parameters than usual.
    static RedisProcess start(Path directory, List<String> more)
            throws IOException, InterruptedException {
        assumeTrue(version().contains("v=7.0."), "redis-server 7.0 is not installed");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>();
        command.addAll(List.of("redis-server", "--port", Integer.toString(port)));
        command.addAll(List.of("--bind", "127.0.0.1", "--save", ""));
        command.addAll(List.of("--dir", directory.toString()));
        command.addAll(more);
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("redis.log").toFile())
                        .start();
        for (int i = 0; i < TRIES; i++) {
            if (isReady(port)) return new RedisProcess(process, port);
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) break;
        }
        process.destroyForcibly();
        throw new IOException(Files.readString(directory.resolve("redis.log")));
    }

    // It listens before it has loaded what it saved.
    private static boolean isReady(int port) {
        try (RespClient redis = new RespClient(port)) {
            return !redis.call("PING").isError();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String version() throws IOException {
        String path = System.getenv().getOrDefault("PATH", "");
        boolean isThere =
                Arrays.stream(path.split(File.pathSeparator))
                        .anyMatch(part -> Files.isExecutable(Path.of(part, "redis-server")));
        if (!isThere) return "";
        Process asked = new ProcessBuilder("redis-server", "--version").start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /// Where it listens.
    int port() {
        return port;
    }

    // It has ended before its files are used again.
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
