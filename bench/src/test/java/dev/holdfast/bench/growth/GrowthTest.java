package dev.holdfast.bench.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class GrowthTest {
    @TempDir Path directory;

    @Test
    void shouldMeasureAfterEachStep() throws IOException {
        GrowthOptions options =
                GrowthOptions.parse(
                        List.of("--rows", "3000", "--steps", "3", "--out", directory.toString()));

        assertEquals(3, new Growth(options, "a machine").run());

        String json = Files.readString(directory.resolve("growth.json"));
        for (String rows : List.of("[1000,", "[2000,", "[3000,"))
            assertTrue(json.contains(rows), json);
        assertTrue(json.contains("getProcessorNanos"), json);
        assertTrue(Files.readString(directory.resolve("growth.svg")).contains("polyline"));
        assertTrue(Files.notExists(directory.resolve("data")));
    }

    @Test
    void shouldRefuseMoreStepsThanBatches() {
        assertThrows(
                IllegalArgumentException.class,
                () -> GrowthOptions.parse(List.of("--rows", "1000", "--steps", "11")));
    }
}
