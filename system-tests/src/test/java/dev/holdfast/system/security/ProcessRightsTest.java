package dev.holdfast.system.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.process.Tools;
import dev.holdfast.system.tidy.House;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a process touches and takes in: its own files, read by nobody else, below its own
/// directory, and nothing larger than it can hold.
@Timeout(600)
class ProcessRightsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<PosixFilePermission> OF_OTHERS =
            EnumSet.complementOf(
                    EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));

    @TempDir private Path folder;

    private Path written(String... options) throws IOException {
        Path data = folder.resolve("data");
        try (ServerProcess server = ServerProcess.start(data, options);
                RespClient client = server.connect()) {
            for (int i = 0; i < 200; i++)
                client.call("SET", "key:" + i, "the same again and again ".repeat(40));
            client.call("SAVE");
            assertEquals(0, server.stop(PATIENCE));
        }
        return data;
    }

    @Test
    @Tag("SEC-19")
    void shouldMakeFilesThatNobodyElseCanRead() throws IOException {
        Path data = written("--disk-cache", folder.resolve("cache").toString());

        var open = new TreeSet<String>();
        for (Path root : List.of(data, folder.resolve("cache")))
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.toList()) {
                    var rights = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
                    rights.retainAll(OF_OTHERS);
                    if (!rights.isEmpty()) open.add(folder.relativize(file) + " " + rights);
                }
            }
        assertEquals("", String.join("\n", open));
    }

    @Test
    @Tag("SEC-13")
    void shouldStayBelowItsRootWhateverItIsToldAPathIs() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.createSymbolicLink(data.resolve("way-out"), outside);
        for (String path : List.of("../outside", "way-out", "a\\b")) {
            String[] options = {"--path", path};
            try (ServerProcess server = ServerProcess.launch(data, options)) {
                assertTrue(server.awaitExit(PATIENCE), () -> "serves at " + path);
                assertNotEquals(0, server.exitCode(), path);
            }
        }
        try (Stream<Path> files = Files.list(outside)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    @Tag("SEC-13")
    void shouldTakeKeysOfAnyBytesWithoutAFileOfThatName() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        List<String> keys =
                List.of(
                        "../../outside",
                        "/outside",
                        "%2e%2e/outside",
                        "a\0b",
                        "\\\\outside",
                        "\u00ff\u00fe",
                        "x".repeat(5_000));
        try (ServerProcess server = ServerProcess.start(data);
                RespClient client = server.connect()) {
            for (String key : keys) {
                assertEquals("OK", client.call("SET", key, "value"));
                assertEquals("value", client.call("GET", key));
            }
            assertEquals((long) keys.size(), client.call("DBSIZE"));
        }
        try (Stream<Path> files = Files.walk(folder)) {
            assertEquals(
                    List.of(), files.filter(file -> file.toString().contains("outside")).toList());
        }
    }

    @Test
    @Tag("SEC-14")
    void shouldTakeNoMemoryForWhatABlockSaysItDecompressesTo() throws IOException {
        // given a table whose first block says that it holds nearly 2 GiB
        Path data = written("--compression", "lz4", "--local", "off", "--durability", "remote");
        Path table = largest(data, ".sst");
        byte[] whole = Files.readAllBytes(table);
        byte[] forged = whole.clone();
        ByteBuffer.wrap(forged).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 0x7fff_fff0);
        sealFirstBlock(whole, forged);
        Files.write(table, forged);
        // when
        Tools.Ended scan =
                Conditions.ofVerbs()
                        .flag("-Xmx64m")
                        .run(folder, "scan", "--data", data.toUri().toString());
        // then
        assertNotEquals(0, scan.code(), scan.out());
        String said = scan.out() + scan.err();
        assertTrue(said.contains(table.getFileName().toString()), said);
        assertTrue(!said.contains("OutOfMemory"), said);
    }

    // A block ends with its checksum: the first place where that is right is its end.
    private static void sealFirstBlock(byte[] whole, byte[] changed) {
        var sum = new CRC32();
        for (int end = 1; end + 4 <= whole.length; end++) {
            sum.update(whole, end - 1, 1);
            if ((int) sum.getValue() != ByteBuffer.wrap(whole).getInt(end)) continue;
            sum.reset();
            sum.update(changed, 0, end);
            ByteBuffer.wrap(changed).putInt(end, (int) sum.getValue());
            return;
        }
        throw new AssertionError("no block found");
    }

    private static Path largest(Path data, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .filter(file -> file.getParent().endsWith("compacted"))
                    .max(java.util.Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    @Test
    @Tag("SEC-16")
    void shouldReadNoObjectsOfJavaAsTheLauncherStartsIt() throws IOException {
        String script =
                ". config/jvm.sh && jvm_flags serve '' && \"$1\" \"${flags[@]}\" -cp \"$2\" \"$3\"";
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String program = SerialProgram.class.getName();
        String path = System.getProperty("java.class.path");
        Tools.Ended ended =
                Tools.run(
                        House.ROOT.toAbsolutePath(),
                        List.of("bash", "-c", script, "-", java, path, program));
        assertEquals("refused\n", ended.out(), ended.err());
    }
}
