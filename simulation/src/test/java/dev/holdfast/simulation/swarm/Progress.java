package dev.holdfast.simulation.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// What a long suite has done already, in a file of one line for each part: a suite that was ended
/// goes on from there. Lines that other code than the present has written count for nothing.
final class Progress {
    private final Path file;
    private final String code;

    Progress(Path file) throws IOException {
        this.file = file;
        code = Long.toHexString(checksumOfTheClasses());
    }

    /// What the parts done so far came to.
    synchronized List<String> done() throws IOException {
        if (!Files.exists(file)) return List.of();
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(code + " "))
                .map(line -> line.substring(code.length() + 1))
                .toList();
    }

    synchronized void add(String part) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(
                file,
                code + " " + part + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    void forget() throws IOException {
        Files.deleteIfExists(file);
    }

    private static long checksumOfTheClasses() throws IOException {
        var sum = new CRC32C();
        List<Path> classes = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":"))
            if (Files.isDirectory(Path.of(entry))) addClassesIn(Path.of(entry), classes);
        for (Path each : classes) sum.update(Files.readAllBytes(each));
        return sum.getValue();
    }

    private static void addClassesIn(Path directory, List<Path> classes) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            all.filter(file -> file.toString().endsWith(".class")).sorted().forEach(classes::add);
        }
    }
}
