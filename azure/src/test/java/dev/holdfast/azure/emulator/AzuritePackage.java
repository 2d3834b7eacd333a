package dev.holdfast.azure.emulator;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Azurite as npm packs it, installed once from the committed lock file.
final class AzuritePackage {
    private static final List<String> FILES =
            List.of("package.json", "package-lock.json", "azurite.cjs");
    private static final int NODE_MIN = 20;
    private static final long MINUTES_MAX = 5;

    private static @Nullable String trouble;
    private static boolean isTried;

    private AzuritePackage() {}

    /// The folder with the package; skips the running test, aloud, if it cannot be had.
    static synchronized Path folder() throws Exception {
        Path module = module();
        Path folder = module.resolve("target/node");
        if (!isTried) trouble = install(module.resolve("src/test/node"), folder);
        isTried = true;
        assumeTrue(trouble == null, trouble);
        return folder;
    }

    private static @Nullable String install(Path source, Path folder) throws Exception {
        for (String tool : List.of("node", "npm"))
            if (!isOnPath(tool)) return tool + " is not installed";
        Files.createDirectories(folder);
        for (String file : FILES)
            Files.copy(
                    source.resolve(file),
                    folder.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        String version = run(folder, "node", "--version");
        if (version == null || major(version) < NODE_MIN)
            return "azurite needs node " + NODE_MIN + ", there is " + version;
        String lock = Files.readString(source.resolve("package-lock.json"));
        Path installed = folder.resolve("installed-lock.json");
        if (Files.exists(installed) && Files.readString(installed).equals(lock)) return null;
        if (run(folder, "npm", "ci", "--ignore-scripts", "--no-progress") == null)
            return "npm cannot install azurite: " + folder.resolve("command.log");
        Files.writeString(installed, lock);
        return null;
    }

    private static int major(String version) {
        return Integer.parseInt(version.strip().replaceAll("^v(\\d{1,4}).*", "$1"));
    }

    // What it printed; null if it failed.
    private static @Nullable String run(Path folder, String... command) throws Exception {
        Path log = folder.resolve("command.log");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        boolean isOver = process.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
        if (!isOver) process.destroyForcibly();
        return isOver && process.exitValue() == 0 ? Files.readString(log) : null;
    }

    private static Path module() throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("azure/src/test/node/package-lock.json"))) {
            folder = folder.getParent();
            if (folder == null) throw new IOException("run it inside the project");
        }
        return folder.resolve("azure");
    }

    private static boolean isOnPath(String name) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }
}
