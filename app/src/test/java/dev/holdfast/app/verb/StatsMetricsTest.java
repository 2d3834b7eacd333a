package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.app.survey.SurveyMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `stats --metrics`: the page lists what it prints, and it moves with the database.
class StatsMetricsTest {
    private static final Path PAGE = Path.of("../docs/operating/stats.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| `(holdfast_\\w+)` \\| (.+) \\|$", Pattern.MULTILINE);

    @TempDir private Path folder;

    private Ran run(String... words) {
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--data";
        all[words.length + 1] = folder.toString();
        return Ran.line(all);
    }

    private Map<String, Long> figures() {
        Ran ran = run("stats", "--metrics");
        assertEquals(0, ran.code(), ran::toString);
        Map<String, Long> figures = new TreeMap<>();
        List<String> lines = ran.out().lines().toList();
        for (int i = 0; i < lines.size(); i += 3) {
            String[] sample = lines.get(i + 2).split(" ");
            assertTrue(lines.get(i).startsWith("# HELP " + sample[0] + " "), ran::toString);
            assertEquals("# TYPE " + sample[0] + " gauge", lines.get(i + 1));
            assertEquals(null, figures.put(sample[0], Long.valueOf(sample[1])));
        }
        return figures;
    }

    @Test
    void shouldBeListedOnThePage() throws IOException {
        List<String> listed =
                ROW.matcher(Files.readString(PAGE))
                        .results()
                        .map(row -> row.group(1) + " " + row.group(2))
                        .toList();
        List<String> known =
                Arrays.stream(SurveyMetrics.values())
                        .map(metric -> metric.title() + " " + metric.help())
                        .toList();
        assertEquals(String.join("\n", known), String.join("\n", listed));
    }

    @Test
    void shouldMoveWithTheDatabase() {
        run("put", "--as", "kv", "a", "1");
        run("put", "--as", "kv", "b", "1");
        Map<String, Long> before = figures();
        run("delete", "--as", "kv", "a");
        run("checkpoint", "create", "--name", "kept");
        Map<String, Long> after = figures();
        assertEquals(2, before.get("holdfast_l0_ssts"));
        assertEquals(2, before.get("holdfast_sst_rows"));
        assertEquals(3, after.get("holdfast_l0_ssts"));
        assertEquals(1, after.get("holdfast_sst_tombstones"));
        assertEquals(1, after.get("holdfast_checkpoints"));
        for (String rises :
                List.of(
                        "holdfast_manifest_id",
                        "holdfast_writer_epoch",
                        "holdfast_seq_tables",
                        "holdfast_ssts",
                        "holdfast_sst_bytes",
                        "holdfast_index_bytes"))
            assertTrue(before.get(rises) < after.get(rises), rises);

        run("compact", "--style", "everything", "--filter-keys-min", "1");
        Map<String, Long> compacted = figures();
        assertEquals(0, compacted.get("holdfast_l0_ssts"));
        assertEquals(1, compacted.get("holdfast_sorted_runs"));
        assertEquals(1, compacted.get("holdfast_sst_rows"));
        assertEquals(1, compacted.get("holdfast_compactor_epoch"));
        assertTrue(0 < compacted.get("holdfast_filter_bytes"));
        assertTrue(0 < compacted.get("holdfast_checkpoint_bytes"));
    }

    @Test
    void shouldPrintOneForm() {
        run("put", "a", "1");
        assertEquals(64, run("stats", "--metrics", "--json").code());
    }
}
