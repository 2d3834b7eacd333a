package dev.holdfast.system.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The files of the project: where it stands, its modules, its sources and pages.
public final class House {
    /// The folder of the project.
    public static final Path ROOT = root();

    private static final Set<String> NOT_OURS =
            Set.of("target", "node_modules", ".git", "data", "holdfast-data", ".idea");
    private static final Set<String> TOOLS = Set.of("bench", "system-tests");
    private static final Pattern MODULE = Pattern.compile("<module>([a-z0-9-]+)</module>");

    private House() {}

    /// The modules that users get, the ground first.
    public static List<String> productionModules() throws IOException {
        return MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(module -> module.group(1))
                .filter(module -> !TOOLS.contains(module))
                .toList();
    }

    /// All files whose name ends so, as paths below the root.
    static List<Path> files(String suffix) throws IOException {
        try (var found = Files.walk(ROOT)) {
            return found.map(ROOT::relativize)
                    .filter(House::isOurs)
                    .filter(path -> path.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    static String read(Path path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean isOurs(Path path) {
        for (Path name : path) if (NOT_OURS.contains(name.toString())) return false;
        return true;
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("config/find-jdk.sh"))) {
            folder = folder.getParent();
            if (folder == null) throw new IllegalStateException("run it inside the project");
        }
        return folder;
    }
}
