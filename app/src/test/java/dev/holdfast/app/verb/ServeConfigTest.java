package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.app.serve.ServerSettings;
import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `serve --check-config`: the file has the names of the flags, and flags win.
class ServeConfigTest {
    private static final Ran RIGHT = new Ran(0, "configuration is right\n", "");

    @TempDir private Path folder;

    @Test
    void shouldAcceptEveryFlagUnderItsOwnName() throws IOException {
        // given: whatever serve takes, with its default
        var options = new CommandLine(new ServerOptions()).getCommandSpec().options();
        var text = new StringBuilder();
        for (var option : options) {
            String value = option.defaultValue();
            if (value == null || value.startsWith("${")) value = "7400";
            if (option.longestName().equals("--durability")) value = "local";
            if (option.longestName().equals("--flush-interval")) value = "2s";
            if (option.longestName().equals("--encryption-key-file")) value = keyFile();
            if (option.longestName().equals("--redis-conf")) value = emptyFile();
            text.append(option.longestName().substring(2))
                    .append(": '")
                    .append(value)
                    .append("'\n");
        }
        // then
        assertEquals(RIGHT, check(text.toString()));
    }

    private String emptyFile() throws IOException {
        return Files.writeString(folder.resolve("empty"), "").toString();
    }

    private String keyFile() throws IOException {
        Path keys = Files.writeString(folder.resolve("keys"), "1 " + "0a".repeat(32));
        Files.setPosixFilePermissions(keys, Set.of(PosixFilePermission.OWNER_READ));
        return keys.toString();
    }

    @Test
    void shouldNameFileAndLineOfWhatIsWrong() throws IOException {
        Path file = folder.resolve("holdfast.yaml");
        assertEquals(
                complaint(file + ":2: unknown setting `l0SstSize` (did you mean `l0-sst-size`?)"),
                check("port: 1\nl0SstSize: 1\n"));
        assertEquals(complaint(file + ":1: unknown setting `nonsense`"), check("nonsense: 1\n"));
        assertEquals(
                complaint(file + ":1: unknown setting `take-over`"), check("take-over: true\n"));
        assertEquals(
                complaint(
                        file
                                + ":1: invalid value for option '--write-timeout': not a time:"
                                + " `soon`"
                                + " (write 100ms, 5s, 2m)"),
                check("write-timeout: soon\n"));
        assertEquals(
                complaint(
                        file
                                + ":1: invalid value for option '--durability': expected one of"
                                + " [memory, local, remote] (case-sensitive) but was 'strong'"),
                check("durability: strong\n"));
    }

    @Test
    void shouldLetFlagsWin() throws IOException {
        // given: a file whose port alone would be refused
        String text = "port: 70000\n";
        // then
        assertEquals(complaint("--port goes from 0 to 65535: 70000"), check(text));
        assertEquals(RIGHT, check(text, "--port", "6400"));
    }

    @Test
    void shouldCheckSettingsAgainstEachOther() throws IOException {
        assertEquals(78, check("l0-sst-size: 1GiB\nunflushed-max: 1MiB\n").code());
    }

    @Test
    void shouldCompactAndCollectUnlessSwitchedOff() throws IOException {
        assertEquals(RIGHT, check("compaction: off\ngc-interval: off\n"));
        assertEquals(RIGHT, check("", "--compaction", "off", "--gc-interval", "0"));
        assertEquals(RIGHT, check("", "--gc-interval", "0s"));
        assertEquals(Settings.defaults().compaction(), settingsOf().compaction());
        assertEquals(Duration.ofMinutes(5), settingsOf().collectionInterval());
        Settings off = settingsOf("--compaction=off", "--gc-interval=off");
        assertEquals(Style.OFF, off.compaction().style());
        assertEquals(Duration.ZERO, off.collectionInterval());
    }

    @Test
    void shouldHaveALocalLogUnlessSwitchedOff() throws IOException {
        assertEquals(Durability.LOCAL, durabilityOf());
        assertEquals(Durability.LOCAL, durabilityOf("--data=s3://bucket/prefix"));
        assertEquals(Durability.LOCAL, durabilityOf("--data=memory:", "--local=/tmp/log"));
        assertEquals(Durability.REMOTE, durabilityOf("--local=off"));
        assertEquals(Durability.REMOTE, durabilityOf("--data=memory:"));
        assertEquals(Durability.MEMORY, durabilityOf("--durability=memory"));
        assertEquals(
                complaint("--durability local needs a --local directory"),
                check("durability: local\nlocal: off\n"));
    }

    @Test
    void shouldPutFewLogObjectsWhereTheLocalDiskIsWaitedFor() {
        assertEquals(Duration.ofSeconds(2), settingsOf().flushInterval());
        assertEquals(Duration.ofMillis(100), settingsOf("--local=off").flushInterval());
        assertEquals(Duration.ofMillis(7), settingsOf("--flush-interval=7ms").flushInterval());
    }

    /// With these the simulation counts the log objects of steady small writes.
    @Test
    void shouldShipAsTheSimulationDoes() {
        Settings db =
                Settings.defaults()
                        .but()
                        .flushInterval(Duration.ofSeconds(2))
                        .walPutIntervalMin(Duration.ofMillis(5))
                        .build();
        var local = LocalSettings.in(Path.of("/x")).withSegmentSize(ByteSize.mebibytes(16));
        assertEquals(db, settingsOf("--memory=256m"));
        assertEquals(local, serverOf("--local=/x").resources().local());
    }

    @Test
    void shouldPutTheLocalLogInTheDirectoryOrBelowItsOwn() {
        assertEquals(
                folder.resolve("a/.holdfast.local").toString(),
                localOf("--data=" + folder, "--path=a"));
        Path work = Path.of("holdfast-local").toAbsolutePath();
        assertEquals(work.resolve("s3-bucket-a-b").toString(), localOf("--data=s3://bucket/a/b"));
        assertEquals("/x/log", localOf("--local=/x/../x/log"));
    }

    private static Durability durabilityOf(String... flags) {
        return serverOf(flags).redis().durability();
    }

    private static String localOf(String... flags) {
        return String.valueOf(serverOf(flags).resources().local().directory());
    }

    private static ServerSettings serverOf(String... flags) {
        var options = new ServerOptions();
        Verbs.withConverters(new CommandLine(options)).parseArgs(flags);
        return options.settings();
    }

    private static Settings settingsOf(String... flags) {
        return serverOf(flags).db();
    }

    private Ran check(String text, String... flags) throws IOException {
        Path file = Files.writeString(folder.resolve("holdfast.yaml"), text);
        List<String> words = new ArrayList<>(List.of("serve", "--check-config", "--config"));
        words.add(file.toString());
        words.addAll(List.of(flags));
        return Ran.line(words.toArray(String[]::new));
    }

    private static Ran complaint(String text) {
        return new Ran(78, "", "holdfast: " + text + "\n");
    }
}
