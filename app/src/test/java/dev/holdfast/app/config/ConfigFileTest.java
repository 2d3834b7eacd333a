package dev.holdfast.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @TempDir private Path folder;

    @Test
    void shouldGiveNamesValuesAndLines() throws IOException {
        // given
        Path file = write("# comment\n\nport: 6400\ndata: 'file:///x'\nrequirepass: \"a b\"\n");
        // then
        assertEquals(
                List.of(
                        new ConfigEntry("port", "6400", 3),
                        new ConfigEntry("data", "file:///x", 4),
                        new ConfigEntry("requirepass", "a b", 5)),
                ConfigFile.read(file).entries());
    }

    @Test
    void shouldTakeAnEmptyFileForNoSettings() throws IOException {
        assertEquals(List.of(), ConfigFile.read(write("# nothing\n")).entries());
    }

    @Test
    void shouldNameTheLineOfWhatIsWrong() throws IOException {
        Map<String, String> complaints =
                Map.of(
                        "port: 1\nport: 2\n", ":2: `port` was set on line 1 already",
                        "a: 1\nport:\n  - 1\n", ":2: `port` takes one value",
                        "- port\n", ":1: expected lines of `name: value`",
                        "just words\n", ":1: expected lines of `name: value`");
        for (Map.Entry<String, String> complaint : complaints.entrySet()) {
            Path file = write(complaint.getKey());
            Failure failure = assertThrows(Failure.class, () -> ConfigFile.read(file));
            assertEquals(ExitStatus.CONFIG, failure.status());
            assertEquals(file + complaint.getValue(), failure.getMessage());
        }
    }

    @Test
    void shouldRefuseWhatIsNotYaml() throws IOException {
        Path file = write("port: 1\ndata: [1,\n");
        Failure failure = assertThrows(Failure.class, () -> ConfigFile.read(file));
        assertEquals(file + ":3", String.valueOf(failure.getMessage()).split(": ")[0]);
    }

    @Test
    void shouldSayThatAFileIsMissing() {
        Path missing = folder.resolve("missing.yaml");
        Failure failure = assertThrows(Failure.class, () -> ConfigFile.read(missing));
        assertEquals(missing + ": no such file", failure.getMessage());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("holdfast.yaml"), text);
    }
}
