package dev.holdfast.system.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program of the tests in a process of its own, so that it can be killed.
///
/// Close it: that kills it if it still runs.
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final Path out;

    private ChildJvm(Process process, Path out) {
        this.process = process;
        this.out = out;
    }

    /// Starts `program` with `arguments`; what it says goes to the file `out`.
    public static ChildJvm start(Class<?> program, Path out, String... arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-ea",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()))
                        .start();
        return new ChildJvm(process, out);
    }

    /// All that was said into the file.
    public String output() throws IOException {
        return Tools.text(out);
    }

    /// Waits for its end, and tells whether it came.
    public boolean awaitExit(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Ends it at once, as a machine would.
    public void kill() {
        ProcessTree.kill(process);
    }

    @Override
    public void close() {
        kill();
    }
}
