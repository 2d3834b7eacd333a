package dev.holdfast.system.tidy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// What a package must be: small, and introduced by a package-info.
final class PackageRules {
    private static final int TYPES_MAX = 25;
    private static final Set<String> NO_TYPES = Set.of("package-info.java", "module-info.java");

    private PackageRules() {}

    /// One line for each rule that the folders of these Java `files` break.
    static List<String> check(List<Path> files) {
        var typesIn = new TreeMap<Path, Integer>();
        var introduced = new HashSet<Path>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.equals("package-info.java")) introduced.add(file.getParent());
            if (!NO_TYPES.contains(name)) typesIn.merge(file.getParent(), 1, Integer::sum);
        }
        var broken = new ArrayList<String>();
        typesIn.forEach((folder, types) -> {
            boolean isMain = folder.toString().contains("src/main/");
            if (isMain && TYPES_MAX < types)
                broken.add(folder + ": " + types + " types, max " + TYPES_MAX);
            if (isMain && !introduced.contains(folder)) broken.add(folder + ": no package-info");
        });
        return broken;
    }
}
