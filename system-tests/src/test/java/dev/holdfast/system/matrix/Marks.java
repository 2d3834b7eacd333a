package dev.holdfast.system.matrix;

import dev.holdfast.system.tidy.House;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Which tests carry the name of which row, by level, read from the sources of all modules.
///
/// @param testsOf the row's name, then the level, then the classes
record Marks(SortedMap<String, SortedMap<Character, SortedSet<String>>> testsOf) {
    private static final Pattern ROW = Pattern.compile("@Tag\\(\"([A-Z]{2,4}-\\d{2})\"\\)");
    private static final String LOOP_DISK = "@Tag(\"loop-disk\")";
    private static final Pattern OTHER_FAMILY = Pattern.compile("(LIFE|INC|INV)-.*");
    private static final Map<String, Character> LEVEL_OF_MODULE =
            Map.of("simulation", 'S', "system-tests", 'P', "s3", 'P', "azure", 'P');

    /// The marks in the sources of the project.
    static Marks read() {
        var marks = new Marks(new TreeMap<>());
        try (var modules = Files.list(House.ROOT)) {
            for (Path module : modules.sorted().toList()) {
                Path tests = module.resolve("src/test/java");
                if (Files.isDirectory(tests)) marks.addModule(module.getFileName(), tests);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return marks;
    }

    private void addModule(Path module, Path tests) throws IOException {
        try (var files = Files.walk(tests)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                add(module.toString(), name, Files.readString(file));
            }
        }
    }

    /// Adds the marks of one class of tests.
    void add(String module, String name, String source) {
        boolean isOnDisk = source.contains(LOOP_DISK);
        char level = isOnDisk ? 'D' : LEVEL_OF_MODULE.getOrDefault(module, 'F');
        ROW.matcher(source)
                .results()
                .map(match -> match.group(1))
                .filter(id -> !OTHER_FAMILY.matcher(id).matches())
                .forEach(id ->
                        testsOf.computeIfAbsent(id, _ -> new TreeMap<>())
                                .computeIfAbsent(level, _ -> new TreeSet<>())
                                .add(name));
    }

    /// The levels at which `id` is tested.
    Set<Character> levels(String id) {
        return testsOf.getOrDefault(id, new TreeMap<>()).keySet();
    }

    /// The classes that cover `id`, as the page shows them.
    String cell(String id) {
        var text = new StringBuilder();
        testsOf.getOrDefault(id, new TreeMap<>())
                .forEach((level, tests) -> {
                    text.append(text.isEmpty() ? "" : "; ").append(level).append(": ");
                    text.append('`').append(String.join("`, `", tests)).append('`');
                });
        return text.isEmpty() ? "-" : text.toString();
    }
}
