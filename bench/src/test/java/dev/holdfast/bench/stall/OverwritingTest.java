package dev.holdfast.bench.stall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OverwritingTest {
    @Test
    @Timeout(60)
    void shouldMakeEachWriteThatIsDue() throws InterruptedException {
        try (HoldfastDb db = Engine.open(new MemoryStore(), "db", Settings.defaults())) {
            var load = new Overwriting(db, 100, Durability.MEMORY, 4, Env.system());
            load.fill();
            load.takeSinceDue();

            load.join(load.begin(500, Duration.ofSeconds(1)), Duration.ofSeconds(30));

            assertEquals(500, load.takeSinceDue().getTotalCount());
            assertEquals(600, db.watermarks().applied());
        }
    }

    @Test
    void shouldCallAWriteHeldUpThatTookMoreThanASecondSinceItWasDue() {
        assertEquals(1, report(900_000, 1_200_000).stalls());
        assertEquals(0, report(900_000, 950_000).stalls());
    }

    @Test
    void shouldShowEverySecond() {
        StallReport report = report(10, 20);

        assertTrue(report.json().contains("[0,2,10,20,20,5,1,3,0,4096,7]"), report.json());
        assertTrue(new LatencyPlot(report).svg().endsWith("</svg>\n"));
    }

    private static StallReport report(long... micros) {
        var sinceDue = new Histogram(3);
        for (long each : micros) sinceDue.recordValue(each);
        var second = new Second(0, 2, 10, 20, 20, 5, 1, 3, 0, 4096, 7);
        var options = StallOptions.parse(List.of("--rate", "2", "--minutes", "0.1"));
        return new StallReport("a machine", options, 0, 2, sinceDue, sinceDue, List.of(second));
    }

    @Test
    void shouldReadItsCommandLine() {
        var words = "--minutes 0.5 --rate 9 --size 2MiB --durability remote --out x".split(" ");

        var expected =
                new StallOptions(
                        Duration.ofSeconds(30),
                        9,
                        ByteSize.mebibytes(2),
                        Durability.REMOTE,
                        Path.of("x"));
        assertEquals(expected, StallOptions.parse(List.of(words)));
        assertThrows(
                IllegalArgumentException.class, () -> StallOptions.parse(List.of("--minute", "2")));
    }
}
