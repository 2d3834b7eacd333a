package dev.holdfast.simulation;

import dev.holdfast.simulation.replay.Main;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Another JVM with the same agent: what must be the same in every JVM is compared with it.
final class SecondJvm {
    private SecondJvm() {}

    /// How it ended.
    record Ending(int code, List<String> lines) {}

    /// Runs `./holdfast-sim` with those words.
    static Ending tell(List<String> flags, String... words) throws Exception {
        return run(flags, Main.class, words);
    }

    static Ending run(List<String> flags, Class<?> main, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("-javaagent") || flag.startsWith("-Djdk.")) command.add(flag);
        }
        command.add("-ea");
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().lines().toList();
        if (!process.waitFor(5, TimeUnit.MINUTES)) throw new AssertionError("did not end");
        return new Ending(process.exitValue(), lines);
    }
}
