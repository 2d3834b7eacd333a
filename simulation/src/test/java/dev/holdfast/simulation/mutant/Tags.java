package dev.holdfast.simulation.mutant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which tests of the house carry which tag, read from their sources.
final class Tags {
    private static final List<String> MODULES = List.of("lifecycle", "engine", "simulation");

    private Tags() {}

    /// The names of the test classes in which something carries `tag`.
    static SortedSet<String> testsTagged(String tag) throws IOException {
        var names = new TreeSet<String>();
        for (String module : MODULES) {
            Path folder = House.resolve(module).resolve("src/test/java");
            try (var files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String source = Files.readString(file);
                    String name = file.getFileName().toString().replace(".java", "");
                    if (source.contains("@Tag(\"" + tag + "\")")) names.add(name);
                }
            }
        }
        return names;
    }
}
