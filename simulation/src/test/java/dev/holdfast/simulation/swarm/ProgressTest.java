package dev.holdfast.simulation.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {
    @TempDir private Path directory;

    @Test
    void shouldGoOnWhereItEndedUnlessCodeHasChanged() throws IOException {
        Path file = directory.resolve("state").resolve("progress");
        new Progress(file).add("0;1");
        Files.writeString(file, "othercode 100;1\n", StandardOpenOption.APPEND);
        new Progress(file).add("200;1");

        assertEquals(List.of("0;1", "200;1"), new Progress(file).done());
        new Progress(file).forget();
        assertEquals(List.of(), new Progress(file).done());
    }

    @Test
    void shouldReadATallyBack() {
        var tally = new Tally();
        Map<String, Long> met = Map.of("a: b", 3L, "c", 1L);
        tally.add(new Verdict(7, 1, List.of(), met, 5, Duration.ofMinutes(61), ""));
        tally.add(new Verdict(8, 1, List.of(), Map.of("c", 1L), 6, Duration.ofSeconds(1), ""));
        tally.took(Duration.ofMillis(1_500));

        var copy = new Tally();
        assertEquals(700, copy.addPart(tally.asPart(700)));
        assertEquals(tally.asPart(700), copy.asPart(700));
        assertEquals(tally.line(), copy.line());
        copy.addPart(tally.asPart(800));
        assertEquals(4, copy.seeds());
        assertEquals(22, copy.acknowledged());
    }
}
