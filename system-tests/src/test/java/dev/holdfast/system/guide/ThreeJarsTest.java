package dev.holdfast.system.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.tidy.House;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The engine on a class path of exactly three jars, in a process of its own: the jar that the
/// module `embedded` makes of our modules, LZ4 and Zstandard. No logging framework, no annotations.
@Timeout(120)
class ThreeJarsTest {
    private static final Path PROGRAM =
            House.ROOT.resolve("system-tests/src/test/resources/embedded/ThreeJars.java");
    private static final List<String> MODULES =
            List.of("base", "lifecycle", "format", "objectstore", "engine");

    @TempDir Path folder;

    // What `embedded` puts together when it is packaged.
    private Path assembled() throws IOException {
        Path jar = folder.resolve("holdfast-embedded.jar");
        var names = new TreeSet<String>();
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String module : MODULES) {
                Path classes = House.ROOT.resolve(module).resolve("target/classes");
                try (Stream<Path> files = Files.walk(classes)) {
                    for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                        String name = classes.relativize(file).toString();
                        if (name.equals("module-info.class") || !names.add(name)) continue;
                        out.putNextEntry(new ZipEntry(name));
                        out.write(Files.readAllBytes(file));
                        out.closeEntry();
                    }
                }
            }
        }
        return jar;
    }

    private static String library(String name) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> Path.of(each).getFileName().toString().startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldRunOnThreeJarsAndSayWhichLibraryIsMissing() throws Exception {
        List<String> jars =
                List.of(assembled().toString(), library("lz4-java-"), library("zstd-jni-"));
        Path output = folder.resolve("output");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                String.join(File.pathSeparator, jars),
                                PROGRAM.toString(),
                                folder.resolve("data").toUri().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertTrue(process.waitFor(100, TimeUnit.SECONDS), "it does not end");
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertEquals(0, process.exitValue(), said);
        for (String codec : List.of("NONE", "ZLIB", "LZ4", "ZSTD"))
            assertTrue(said.contains(codec + " 500\n"), said);
        assertTrue(said.contains("SNAPPY no library for the codec on the class path."), said);
        assertTrue(said.contains("org.xerial.snappy:snappy-java"), said);
    }

    @Test
    void shouldNameEveryModuleInTheBom() throws IOException {
        String house = Files.readString(House.ROOT.resolve("pom.xml"));
        String bom = Files.readString(House.ROOT.resolve("bom/pom.xml"));
        Matcher module = Pattern.compile("<module>([a-z0-9]+)</module>").matcher(house);
        var ours = List.of("bom", "app", "simulation", "bench", "system-tests");
        while (module.find())
            if (!ours.contains(module.group(1)))
                assertTrue(
                        bom.contains("<artifactId>holdfast-" + module.group(1) + "</artifactId>"),
                        module.group(1));
    }
}
