package dev.holdfast.simulation.mutant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The modules of this repository: where sources lie, and where they were compiled to.
final class House {
    private static final List<String> MODULES =
            List.of("base", "lifecycle", "format", "objectstore", "engine", "simulation");

    private static final Path ROOT = root();

    private House() {}

    private static Path root() {
        Path place = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(place.resolve("lifecycle/src/main/java"))) {
            place = place.getParent();
            if (place == null) throw new IllegalStateException("not inside the repository");
        }
        return place;
    }

    /// `path` from the root of the repository.
    static Path resolve(String path) {
        return ROOT.resolve(path);
    }

    /// Compiled classes, of production code first. A reactor build has all of them.
    static List<Path> classFolders() {
        return Stream.of("target/classes", "target/test-classes")
                .flatMap(folder -> MODULES.stream().map(module -> ROOT.resolve(module, folder)))
                .filter(Files::isDirectory)
                .toList();
    }

    /// The source of the class `type`, which must be in exactly one module.
    static String source(String type) {
        String file = type.replace('.', '/') + ".java";
        List<Path> found =
                MODULES.stream()
                        .flatMap(module ->
                                Stream.of("src/main/java", "src/test/java")
                                        .map(folder -> ROOT.resolve(module, folder, file)))
                        .filter(Files::exists)
                        .toList();
        if (found.size() != 1) throw new IllegalStateException("sources of " + type + ": " + found);
        try {
            return Files.readString(found.getFirst());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
