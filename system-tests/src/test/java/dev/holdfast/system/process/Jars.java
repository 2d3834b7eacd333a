package dev.holdfast.system.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The class path of the tests, with a jar in the place of each directory.
final class Jars {
    private Jars() {}

    /// The class path, with the jars in `folder`.
    static String ofClassPath(Path folder) throws IOException {
        var path = new ArrayList<String>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path classes = Path.of(entry);
            if (Files.isDirectory(classes)) {
                Path jar = folder.resolve("classes-" + path.size() + ".jar");
                pack(classes, jar);
                path.add(jar.toString());
            } else {
                path.add(entry);
            }
        }
        return String.join(File.pathSeparator, path);
    }

    private static void pack(Path classes, Path jar) throws IOException {
        List<Path> files;
        try (var found = Files.walk(classes)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        try (var out = new ZipOutputStream(Files.newOutputStream(jar))) {
            out.setLevel(0);
            for (Path file : files) {
                String name = classes.relativize(file).toString();
                out.putNextEntry(new ZipEntry(name.replace(File.separatorChar, '/')));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }
}
