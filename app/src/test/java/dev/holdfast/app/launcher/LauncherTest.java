package dev.holdfast.app.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `./holdfast` says where it cannot run.
class LauncherTest {
    private static final Path HOUSE = Path.of("..").toAbsolutePath().normalize();

    @TempDir private Path folder;

    @Test
    void shouldSayExactlyWhatIsMissingWhenThereIsNoJdk() throws Exception {
        // given: a copy of the launcher that finds no JDK anywhere
        Path copy = copyOfTheLauncher();
        Path script = copy.resolve("config/find-jdk.sh");
        Files.writeString(script, Files.readString(script).replace("/usr/lib/jvm", "/nowhere"));
        // when
        var ran = run(copy, "PATH=/usr/bin:/bin", "HOME=" + folder, "JAVA_HOME=/no/such/jdk");
        // then
        assumeTrue(ran.err.contains("no JDK"), "SKIPPED: a JDK stands where none was expected");
        assertEquals(69, ran.code, ran.err);
        assertTrue(ran.err.contains("JAVA_HOME     /no/such/jdk"), ran.err);
        assertTrue(ran.err.contains("Install one"), ran.err);
    }

    @Test
    void shouldSayThatMavenIsMissingWhenItHasToBuild() throws Exception {
        // given: a path with the few tools that the launcher needs, but no Maven
        Path tools = Files.createDirectory(folder.resolve("bin"));
        for (String tool : List.of("dirname", "readlink", "find", "sed", "mkdir", "flock"))
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
        Path copy = copyOfTheLauncher();
        // when
        var ran =
                run(
                        copy,
                        "PATH=" + tools,
                        "HOME=" + folder,
                        "JAVA_HOME=" + System.getProperty("java.home"));
        // then
        assertEquals(69, ran.code, ran.err);
        assertTrue(ran.err.startsWith("holdfast: Maven is needed"), ran.err);
    }

    private record Ran(int code, String err) {}

    private Path copyOfTheLauncher() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        Files.createDirectory(copy.resolve("config"));
        for (String file : List.of("holdfast", "config/find-jdk.sh", "config/jvm.sh"))
            Files.copy(HOUSE.resolve(file), copy.resolve(file));
        return copy;
    }

    private static Ran run(Path copy, String... environment) throws Exception {
        var builder =
                new ProcessBuilder("/bin/bash", copy.resolve("holdfast").toString(), "version");
        builder.environment().clear();
        for (String pair : environment) {
            int equals = pair.indexOf('=');
            builder.environment().put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        String err = new String(process.getErrorStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Ran(process.exitValue(), err);
    }
}
