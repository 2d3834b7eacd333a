package dev.holdfast.system.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real redis-server with an append-only file, in a process of its own.
public final class RedisProcess implements TestedServer {
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(10);

    private final Process process;
    private final int port;
    private final Path log;

    private RedisProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /// Starts one that keeps its files in `data` and listens on `port`, and waits until it answers.
    /// Skips the running test, aloud, where none is installed.
    static RedisProcess startOn(int port, Path data) throws IOException {
        Tools.assume("redis-server");
        Path log = data.resolveSibling(data.getFileName() + ".log");
        var command =
                List.of(
                        "redis-server",
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "yes",
                        "--dir",
                        data.toString());
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        var server = new RedisProcess(process, port, log);
        try {
            server.awaitReady();
            return server;
        } catch (IOException | RuntimeException | Error failed) {
            server.close();
            throw failed;
        }
    }

    private void awaitReady() throws IOException {
        long giveUp = System.nanoTime() + START_MAX.toNanos();
        while (!answers())
            if (awaitExit(POLL) || giveUp - System.nanoTime() < 0)
                throw new AssertionError("redis-server does not answer:\n" + output());
    }

    // It refuses while it loads its file.
    private boolean answers() {
        try (var client = connect()) {
            return "PONG".equals(client.call("PING"));
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void terminate() {
        process.destroy();
    }

    @Override
    public boolean awaitExit(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Override
    public int exitCode() {
        return process.exitValue();
    }

    @Override
    public String output() throws IOException {
        return Tools.text(log);
    }

    @Override
    public void close() {
        if (process.isAlive()) ProcessTree.kill(process);
    }
}
