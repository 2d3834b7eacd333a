package dev.holdfast.system.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.report.Figures;
import dev.holdfast.system.process.ProcessTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A process, started with the flags that `docs/operating/configure.md` derives from a memory,
/// stays within that memory, an empty JVM, and 30 % of both.
@EnabledOnOs(OS.LINUX)
@Timeout(900)
class ResidentMemoryTest {
    private static final int SHARE_ABOVE_PERCENT = 30;
    private static final int GRACE_SECONDS = 240;

    @TempDir private Path directory;

    /// What one process is given to do.
    private record Load(int databases, int mebibytes, int seconds) {}

    /// What it came to.
    private record Outcome(long residentKib, long allowedKib, String line) {}

    @Test
    void shouldStayWithinItsMemoryFromTheStart() throws Exception {
        assertStaysWithin(new Load(100, 512, 10));
    }

    @Test
    void shouldWorkInASmallMemory() throws Exception {
        run(new Load(20, 64, 8));
    }

    @Test
    @Tag("long")
    void shouldStayWithinItsMemoryWithAHundredDatabases() throws Exception {
        Outcome outcome = assertStaysWithin(new Load(100, 512, 300));
        Figures.record(
                "resident at most, 100 databases over 512 MiB, MiB", outcome.residentKib() >> 10);
        Figures.record("of those allowed, MiB", outcome.allowedKib() >> 10);
    }

    @Test
    @Tag("long")
    void shouldWorkInAMemoryFarTooSmallForAHundredDatabases() throws Exception {
        Outcome outcome = run(new Load(100, 64, 120));
        Figures.record(
                "resident at most, 100 databases over 64 MiB, MiB", outcome.residentKib() >> 10);
    }

    private Outcome assertStaysWithin(Load load) throws Exception {
        Outcome outcome = run(load);
        assertTrue(outcome.residentKib() <= outcome.allowedKib(), outcome.line());
        return outcome;
    }

    private Outcome run(Load load) throws Exception {
        long empty = residentKib(said(60, List.of(), List.of()));
        Path data = Files.createDirectory(directory.resolve("data" + load));
        var arguments =
                List.of(
                        data.toString(),
                        Integer.toString(load.databases()),
                        load.mebibytes() + "MiB",
                        Integer.toString(load.seconds()));
        List<String> said = said(load.seconds() + GRACE_SECONDS, flags(load), arguments);
        assertEquals("left 0", said.get(said.size() - 2));
        long allowed = (load.mebibytes() * 1024L + empty) * (100 + SHARE_ABOVE_PERCENT) / 100;
        String line =
                "%s: %d MiB resident, %d allowed, %d empty: %s"
                        .formatted(load, residentKib(said) >> 10, allowed >> 10, empty >> 10, said);
        System.out.println(line);
        return new Outcome(residentKib(said), allowed, line);
    }

    private static List<String> flags(Load load) {
        int young = Math.max(8, load.mebibytes() / 16);
        int heap = load.mebibytes() + young + load.databases() / 4 + 16;
        return List.of(
                "-Xmx" + heap + "m",
                "-Xmn" + young + "m",
                "-XX:MaxDirectMemorySize=16m",
                "-XX:+UseSerialGC");
    }

    private static long residentKib(List<String> said) {
        return Long.parseLong(said.getLast());
    }

    private List<String> said(int secondsMax, List<String> flags, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags.isEmpty() ? List.of("-XX:+UseSerialGC") : flags);
        command.addAll(
                List.of(
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(ManyDatabases.class.getName());
        command.addAll(arguments);
        Path out = directory.resolve("out");
        Path errors = directory.resolve("errors");
        var builder = new ProcessBuilder(command);
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(errors.toFile()).start();
        try {
            boolean isOver = process.waitFor(secondsMax, TimeUnit.SECONDS);
            assertTrue(isOver, () -> "did not end: " + text(errors));
        } finally {
            ProcessTree.kill(process);
        }
        assertEquals(0, process.exitValue(), () -> text(out) + text(errors));
        return Files.readAllLines(out);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
