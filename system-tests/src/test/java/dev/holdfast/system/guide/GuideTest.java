package dev.holdfast.system.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.system.process.ProcessTree;
import dev.holdfast.system.tidy.House;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Follows the guide as a newcomer does: its pages show the programs of this package as they are,
/// these run one after the other in a directory that was empty, and print what the pages say.
class GuideTest {
    private static final Path PAGES = House.ROOT.resolve("docs/guide");
    private static final Path SOURCES =
            House.ROOT.resolve("system-tests/src/test/java/dev/holdfast/system/guide");
    private static final Pattern PROGRAM_PAGE = Pattern.compile("\\d\\d-.*\\.md");
    // The engine's own modules, what they cannot do without, and the programs.
    private static final Pattern ENGINE =
            Pattern.compile(
                    "/(base|lifecycle|format|objectstore|engine)/target/"
                            + "(classes|holdfast-[a-z]+-[0-9.]+(-SNAPSHOT)?\\.jar)$"
                            + "|/(lz4-java|zstd-jni|snappy-java)-[^/]*\\.jar$"
                            + "|/system-tests/target/test-classes$");

    @TempDir Path folder;

    @Test
    void shouldShowItsProgramsAsTheyAre() throws IOException {
        for (Path page : pages()) {
            GuidePage shown = GuidePage.of(Files.readString(page));
            assertEquals(1, shown.java().size(), page + ": one program a page");
            String program = shown.java().getFirst();
            String source = Files.readString(SOURCES.resolve(nameOf(program) + ".java"));
            assertEquals(withoutPackage(source), program, page.toString());
        }
    }

    @Test
    void shouldPrintWhatThePagesSay() throws Exception {
        assertEquals(5, pages().size(), "pages with programs");
        try (S3Twin bucket = S3Twin.start()) {
            for (Path page : pages()) {
                GuidePage shown = GuidePage.of(Files.readString(page));
                String name = nameOf(shown.java().getFirst());
                boolean isInBucket = shown.java().getFirst().contains("arguments[0]");

                String output =
                        isInBucket
                                ? run(System.getProperty("java.class.path"), name, url(bucket))
                                : run(engineAlone(), name);

                assertEquals(String.join("", shown.output()), output, page.toString());
            }
        }
    }

    private static String url(S3Twin bucket) {
        return bucket.url("my-bucket/shop");
    }

    private static List<Path> pages() throws IOException {
        try (var files = Files.list(PAGES)) {
            return files.filter(
                            file -> PROGRAM_PAGE.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    private static String nameOf(String program) {
        var type = Pattern.compile("public final class (\\w+)").matcher(program);
        assertTrue(type.find(), program);
        return type.group(1);
    }

    private static String withoutPackage(String source) {
        return source.replaceFirst("package [a-z.]+;\\R\\R", "");
    }

    // No framework for logs, no client of a cloud.
    private static String engineAlone() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> ENGINE.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String run(String classPath, String name, String... arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", classPath, GuideTest.class.getPackageName() + "." + name));
        command.addAll(List.of(arguments));
        Path out = folder.resolve(name + ".out");
        Path errors = folder.resolve(name + ".err");
        Path desk = Files.createDirectories(folder.resolve("desk"));
        var builder = new ProcessBuilder(command).directory(desk.toFile());
        builder.environment().put("AWS_ACCESS_KEY_ID", "guide");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "guide-secret");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(errors.toFile()).start();
        try {
            assertTrue(process.waitFor(2, TimeUnit.MINUTES), name + " does not end");
        } finally {
            ProcessTree.kill(process);
        }
        assertEquals(0, process.exitValue(), () -> name + ": " + text(errors));
        return text(out);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
