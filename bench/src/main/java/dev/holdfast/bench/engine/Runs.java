package dev.holdfast.bench.engine;

import dev.holdfast.base.Adapter;
import dev.holdfast.bench.peer.Figures;
import dev.holdfast.bench.peer.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Has peers do tasks, each in an empty directory of its own, which is removed afterwards.
@Adapter("starts processes, and ends them when their time is up")
final class Runs {
    private static final Duration TASK_MAX = Duration.ofMinutes(10);
    private static final int OUTPUT_MAX = 1 << 20;

    private final Path parent;

    /// @param parent a directory on the disk that is measured
    Runs(Path parent) {
        this.parent = parent;
    }

    /// How a command ended.
    record Ended(int code, String output) {}

    /// What the last of `tasks` took, done one after the other in one directory.
    Figures measure(Peer peer, List<Task> tasks) throws IOException {
        Files.createDirectories(parent);
        Path directory = Files.createTempDirectory(parent, peer.name());
        try {
            Figures last = null;
            for (Task task : tasks) last = figures(peer, directory, task);
            if (last == null) throw new IllegalArgumentException("no task");
            return last;
        } finally {
            remove(directory);
        }
    }

    private static Figures figures(Peer peer, Path directory, Task task) throws IOException {
        Ended ended = run(peer.command(directory, task), directory, TASK_MAX);
        String line =
                ended.output()
                        .lines()
                        .filter(each -> each.startsWith("operations="))
                        .findFirst()
                        .orElse("");
        if (ended.code() != 0 || line.isEmpty())
            throw new IOException(
                    "%s failed at %s with exit code %d: %s"
                            .formatted(peer.name(), task.words(), ended.code(), ended.output()));
        return Figures.parse(line);
    }

    /// Runs `command` in `directory`, and kills it when `time` is up.
    static Ended run(List<String> command, Path directory, Duration time) throws IOException {
        Path output = Files.createTempFile("holdfast-bench", ".out");
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS))
                throw new IOException("took more than " + time + ": " + command);
            return new Ended(process.exitValue(), text(output));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }

    private static String text(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(OUTPUT_MAX), StandardCharsets.UTF_8);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }
}
