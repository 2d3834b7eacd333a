package dev.holdfast.system.process;

import dev.holdfast.azure.emulator.Azurite;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A real server in a process of its own, as `holdfast serve` starts it.
///
/// Close it: that kills it if it still runs.
public final class ServerProcess implements TestedServer {
    private static final Duration START_MAX = Duration.ofSeconds(180);
    private static final long POLL_MILLIS = 10;

    /// What the double of S3 and the emulator of Azure take for an account.
    public static final Map<String, String> STORE_CREDENTIALS =
            Map.of(
                    "AWS_ACCESS_KEY_ID",
                    "test",
                    "AWS_SECRET_ACCESS_KEY",
                    "testsecret",
                    "AZURE_STORAGE_KEY",
                    Azurite.KEY);

    private final Process process;
    private final int port;
    private final Path log;

    private ServerProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /// Starts a server on the database in `data`, and does not wait for it. Its output is appended
    /// to a log beside the database.
    public static ServerProcess launch(Path data, String... options) throws IOException {
        String url = data.toAbsolutePath().toUri().toString();
        return launch(url, data.resolveSibling(data.getFileName() + ".log"), options);
    }

    /// Starts a server on the database at `url`, and does not wait for it. Where that is a bucket,
    /// it gets the credentials of a test, and no local log unless `options` ask for one: its
    /// database is then where the test looks for it.
    public static ServerProcess launch(String url, Path log, String... options) throws IOException {
        return launch(Conditions.usual(), url, log, options);
    }

    static ServerProcess launch(Conditions conditions, String url, Path log, String... options)
            throws IOException {
        return launch(conditions, freePort(), url, log, options);
    }

    private static ServerProcess launch(
            Conditions conditions, int port, String url, Path log, String... options)
            throws IOException {
        var arguments = new ArrayList<>(List.of("serve", "--port", Integer.toString(port)));
        arguments.addAll(List.of("--data", url));
        arguments.addAll(List.of(options));
        if (!url.startsWith("file:") && !arguments.contains("--local"))
            arguments.addAll(List.of("--local", "off"));
        var builder =
                conditions
                        .builder(arguments)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new ServerProcess(builder.start(), port, log);
    }

    /// Starts a server on the database at `url` and waits until it answers.
    public static ServerProcess start(String url, Path log, String... options) throws IOException {
        return ready(launch(url, log, options));
    }

    /// Starts a server and waits until it answers.
    public static ServerProcess start(Path data, String... options) throws IOException {
        return ready(launch(data, options));
    }

    /// Starts a server that listens on `port` and waits until it answers.
    public static ServerProcess startOn(int port, Path data, String... options) throws IOException {
        String url = data.toAbsolutePath().toUri().toString();
        Path log = data.resolveSibling(data.getFileName() + ".log");
        return ready(launch(Conditions.usual(), port, url, log, options));
    }

    static ServerProcess ready(ServerProcess server) throws IOException {
        try {
            server.awaitReady();
            return server;
        } catch (IOException | RuntimeException | Error failed) {
            server.close();
            throw failed;
        }
    }

    /// The command line of the program with `arguments`, without the launcher.
    public static List<String> command(List<String> arguments) {
        return command(List.of(), arguments);
    }

    static List<String> command(List<String> flags, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-ea",
                        "-Xmx1g",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        if (!flags.contains("-cp"))
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(flags);
        command.add("dev.holdfast.app.Main");
        command.addAll(arguments);
        return command;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// Waits until the server answers PING.
    public void awaitReady() throws IOException {
        await(this::answers);
    }

    private void await(BooleanSupplier isReached) throws IOException {
        long giveUp = System.nanoTime() + START_MAX.toNanos();
        while (!isReached.getAsBoolean()) {
            if (!process.isAlive())
                throw new AssertionError("ended with " + process.exitValue() + ":\n" + output());
            if (giveUp - System.nanoTime() < 0)
                throw new AssertionError("not ready in " + START_MAX + ":\n" + output());
            awaitExit(Duration.ofMillis(POLL_MILLIS));
        }
    }

    /// Waits until the server answers at all, whatever it says: one that wants a password first.
    public void awaitAnswer() throws IOException {
        await(this::saysAnything);
    }

    private boolean saysAnything() {
        try (var client = new RespClient(port)) {
            return client.call("PING") != null;
        } catch (IOException notYet) {
            return false;
        }
    }

    private boolean answers() {
        try (var client = new RespClient(port)) {
            return "PONG".equals(client.call("PING"));
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public int port() {
        return port;
    }

    /// The id of the process.
    public long pid() {
        return process.pid();
    }

    @Override
    public String output() throws IOException {
        return Files.exists(log) ? Tools.text(log) : "";
    }

    @Override
    public void terminate() {
        process.destroy();
    }

    /// Ends it at once.
    public void kill() {
        ProcessTree.kill(process);
    }

    /// Sends it a signal, by name without SIG.
    public void signal(String name) {
        var command = List.of("kill", "-" + name, Long.toString(pid()));
        var ended = Tools.run(log.getParent(), command);
        if (ended.code() != 0) throw new AssertionError(ended.err());
    }

    /// True while it runs.
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public int exitCode() {
        return process.exitValue();
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
    public void close() {
        if (process.isAlive()) kill();
    }
}
