package dev.holdfast.simulation.mutant;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/// The class path on which tests start processes of their own, so that these run the mutant too.
final class ChildClasses {
    /// Read by tests that start processes.
    private static final String PROPERTY = "holdfast.child.classpath";

    private ChildClasses() {}

    /// Writes edited classes out, in front of everything else.
    static void leave(String mutant, Map<String, byte[]> edited) {
        Path folder = House.resolve("simulation/target/mutants").resolve(mutant.replace(' ', '-'));
        try {
            for (var each : edited.entrySet()) {
                Path file = folder.resolve(each.getKey().replace('.', '/') + ".class");
                Files.createDirectories(file.getParent());
                Files.write(file, each.getValue());
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        String path =
                Stream.concat(Stream.of(folder), House.classFolders().stream())
                        .map(Path::toString)
                        .collect(joining(":"));
        System.setProperty(PROPERTY, path + ":" + System.getProperty("java.class.path"));
    }
}
