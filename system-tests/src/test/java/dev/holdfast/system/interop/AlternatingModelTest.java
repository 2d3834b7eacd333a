package dev.holdfast.system.interop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Holdfast and the real SlateDB 0.12.1 take turns on one database, with everything that the latter
/// knows, and every reading is compared with a model. `-Dinterop.seed=N` repeats a run.
class AlternatingModelTest {
    private static final List<String> MUST_HAPPEN =
            List.of(
                    "our batches",
                    "our ingests",
                    "our ranges deleted",
                    "our transactions",
                    "their batches",
                    "their transactions",
                    "checkpoints read by SlateDB",
                    "clones",
                    "clones detached",
                    "clones opened by Holdfast",
                    "clones opened by SlateDB",
                    "compactions",
                    "holdfast dies",
                    "slatedb dies",
                    "codec none",
                    "codec snappy",
                    "codec zlib",
                    "codec lz4",
                    "codec zstd");

    @TempDir Path folder;

    @Test
    @Timeout(300)
    void shouldAgreeWithTheModelHoweverTheEnginesAlternate() throws Exception {
        play(Integer.getInteger("interop.runs", 10));
    }

    @Test
    @Tag("long")
    @Timeout(3_000)
    void shouldAgreeWithTheModelOverTwoHundredRuns() throws Exception {
        Map<String, Integer> done = play(Integer.getInteger("interop.runs", 200));
        for (String what : MUST_HAPPEN)
            assertTrue(done.containsKey(what), () -> what + " never: " + done);
    }

    private Map<String, Integer> play(int runs) throws Exception {
        long first = Long.getLong("interop.seed", System.nanoTime());
        var done = new TreeMap<String, Integer>();
        for (int run = 0; run < runs; run++) {
            Path place = Files.createDirectories(folder.resolve("run-" + run));
            try (var alternating = new AlternatingRun(first + run, place)) {
                alternating.play().forEach((what, times) -> done.merge(what, times, Integer::sum));
            }
            remove(place);
        }
        System.out.printf("interop.seed=%d runs=%d done=%s%n", first, runs, done);
        return done;
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
