package dev.holdfast.system.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Programs of the machine that tests run, and the skipping of tests where one is missing.
public final class Tools {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Tools() {}

    /// Skips the running test, aloud, unless `name` is on the path.
    public static void assume(String name) {
        assumeTrue(isOnPath(name), name + " is not installed");
    }

    /// Skips the running test, aloud, unless it runs as root.
    public static void assumeRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    }

    static boolean isOnPath(String name) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    /// How a program ended: its exit code, what it printed, and what it printed as errors.
    public record Ended(int code, String out, String err) {}

    /// Runs a program to its end, with nothing on its stdin.
    public static Ended run(Path folder, List<String> command) {
        return run(folder, new ProcessBuilder(command));
    }

    static Ended run(Path folder, ProcessBuilder builder) {
        List<String> command = builder.command();
        try {
            Path out = Files.createTempFile("holdfast-out", null);
            Path err = Files.createTempFile("holdfast-err", null);
            try {
                Process process =
                        builder.directory(folder.toFile())
                                .redirectInput(Path.of("/dev/null").toFile())
                                .redirectOutput(out.toFile())
                                .redirectError(err.toFile())
                                .start();
                if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("still running after " + PATIENCE + ": " + command);
                }
                return new Ended(process.exitValue(), text(out), text(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot run " + command, failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
