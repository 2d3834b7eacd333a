package dev.holdfast.bench.redis;

import dev.holdfast.base.Adapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// A server that runs in a process and a directory of its own. Close it: that ends it, and removes
/// the directory.
@Adapter("starts a process, talks to it over a socket, and reads what the system tells of it")
final class Server implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration PREPARE_MAX = Duration.ofMinutes(10);
    private static final Duration STOP_MAX = Duration.ofSeconds(60);
    private static final int SOCKET_MILLIS = 1000;
    private static final long LOOK_MILLIS = 2;
    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PONG = "+PONG\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final double TICKS_A_SECOND = 100;
    // counted from the field behind the name: of proc_pid_stat(5)
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    private final Process process;
    private final Path directory;
    private final int port;
    private final Duration start;

    private Server(Process process, Path directory, int port, Duration start) {
        this.process = process;
        this.directory = directory;
        this.port = port;
        this.start = start;
    }

    /// Has `command` done and waits for it: what comes before a measurement.
    static void prepare(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            boolean hasEnded = process.waitFor(PREPARE_MAX.toMillis(), TimeUnit.MILLISECONDS);
            if (!hasEnded || process.exitValue() != 0) throw new IOException("failed: " + command);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } finally {
            process.destroyForcibly();
        }
    }

    /// Starts `command` of a port in a new directory below `parent`, and waits until it answers.
    static Server start(Path parent, String name, IntFunction<List<String>> command)
            throws IOException {
        Files.createDirectories(parent);
        Path directory = Files.createTempDirectory(parent, name);
        int port = freePort();
        long begun = System.nanoTime();
        Process process =
                new ProcessBuilder(command.apply(port))
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("server.log").toFile())
                        .start();
        try {
            while (!answers(port)) {
                boolean isLate = START_MAX.toNanos() < System.nanoTime() - begun;
                if (isLate || process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS))
                    throw new IOException(
                            name
                                    + " does not answer: "
                                    + Files.readString(directory.resolve("server.log")));
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } catch (IOException failed) {
            process.destroyForcibly();
            throw failed;
        }
        var took = Duration.ofNanos(System.nanoTime() - begun);
        return new Server(process, directory, port, took);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), SOCKET_MILLIS);
            socket.setSoTimeout(SOCKET_MILLIS);
            socket.getOutputStream().write(PING);
            byte[] answer = socket.getInputStream().readNBytes(PONG.length);
            return Arrays.equals(PONG, answer);
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /// How long it took from the start of its process until it answered.
    Duration start() {
        return start;
    }

    /// What all processors have worked for it so far.
    double processorSeconds() throws IOException {
        String line = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
        return ticks / TICKS_A_SECOND;
    }

    /// The memory that it holds now.
    long residentKib() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS))
                process.destroyForcibly();
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }
}
