package dev.holdfast.system.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.system.tidy.House;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The npm packages that tests run, installed once from the committed lock file.
public final class NodePackages {
    private static final List<String> FILES =
            List.of(
                    "package.json",
                    "package-lock.json",
                    "slatedb.mjs",
                    "bullmq.mjs",
                    "bullmq-restart.mjs",
                    "ioredis.mjs",
                    "ioredis-workload.mjs",
                    "node-redis.mjs");
    private static @Nullable String trouble;
    private static boolean isTried;

    private NodePackages() {}

    /// The folder with the packages and our scripts; skips the running test, aloud, if they cannot
    /// be had.
    public static synchronized Path folder() throws IOException {
        Path folder = House.ROOT.resolve("system-tests/target/node");
        if (!isTried) trouble = install(folder);
        isTried = true;
        assumeTrue(trouble == null, trouble);
        return folder;
    }

    private static @Nullable String install(Path folder) throws IOException {
        for (String tool : List.of("node", "npm"))
            if (!Tools.isOnPath(tool)) return tool + " is not installed";
        Path source = House.ROOT.resolve("system-tests/src/test/node");
        Files.createDirectories(folder);
        for (String file : FILES)
            Files.copy(
                    source.resolve(file),
                    folder.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        String lock = Files.readString(source.resolve("package-lock.json"));
        Path installed = folder.resolve("installed-lock.json");
        if (Files.exists(installed) && Files.readString(installed).equals(lock)) return null;
        var npm = Tools.run(folder, List.of("npm", "ci", "--ignore-scripts", "--no-progress"));
        if (npm.code() != 0)
            return "npm cannot install the packages: " + npm.err().lines().findFirst().orElse("");
        Files.writeString(installed, lock);
        return null;
    }
}
