package dev.holdfast.bench.redis;

import dev.holdfast.base.Adapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One test of `redis-benchmark`, as often as it is asked for.
///
/// @param test by the name that it takes
/// @param depth requests that a client sends before it reads an answer
/// @param requests in all
@Adapter("starts redis-benchmark, and ends it when its time is up")
record Load(String test, int depth, int requests) {
    private static final Duration TIME_MAX = Duration.ofMinutes(5);
    private static final int CLIENTS = 50;
    private static final int VALUE = 64;
    private static final int KEYS = 100_000;
    private static final int RATE = 1; // columns of a line of figures
    private static final int P50 = 4;
    private static final int P99 = 6;

    /// What a load has shown.
    ///
    /// @param rate requests in a second
    /// @param p50Millis half of them took no longer
    /// @param p99Millis all but one in a hundred took no longer
    /// @param processorMicros that the server worked for each
    record Found(double rate, double p50Millis, double p99Millis, double processorMicros) {}

    /// Puts it on `server`.
    Found on(Server server) throws IOException {
        double before = server.processorSeconds();
        String[] columns = figures(server.port()).replace("\"", "").split(",");
        double worked = server.processorSeconds() - before;
        return new Found(
                Double.parseDouble(columns[RATE]),
                Double.parseDouble(columns[P50]),
                Double.parseDouble(columns[P99]),
                worked * 1e6 / requests);
    }

    private String figures(int port) throws IOException {
        Path output = Files.createTempFile("redis-benchmark", ".csv");
        Process process =
                new ProcessBuilder(command(port))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            boolean hasEnded = process.waitFor(TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
            String said = Files.readString(output, StandardCharsets.UTF_8);
            if (!hasEnded || process.exitValue() != 0)
                throw new IOException("redis-benchmark failed at " + this + ": " + said);
            return said.lines()
                    .filter(line -> line.startsWith("\"") && !line.startsWith("\"test\""))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no figures of " + this + ": " + said));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }

    private List<String> command(int port) {
        return List.of(
                "redis-benchmark",
                "-p",
                Integer.toString(port),
                "-c",
                Integer.toString(CLIENTS),
                "-d",
                Integer.toString(VALUE),
                "-r",
                Integer.toString(KEYS),
                "-n",
                Integer.toString(requests),
                "-P",
                Integer.toString(depth),
                "-t",
                test,
                "--csv");
    }
}
