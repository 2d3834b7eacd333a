package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
            text.append(option.longestName().substring(2))
                    .append(": '")
                    .append(value)
                    .append("'\n");
        }
        // then
        assertEquals(RIGHT, check(text.toString()));
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
                                + " [memory, remote] (case-sensitive) but was 'strong'"),
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

    private static Settings settingsOf(String... flags) {
        var options = new ServerOptions();
        Verbs.withConverters(new CommandLine(options)).parseArgs(flags);
        return options.settings().db();
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
