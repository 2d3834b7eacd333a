package dev.holdfast.system.input;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Rows made of public text that Debian ships: word lists and the index of its packages. Each key
/// is there once.
///
/// Not thread-safe.
final class PublicText {
    private static final List<String> WORD_LISTS =
            List.of("/usr/share/dict/american-english-huge", "/usr/share/dict/web2");
    private static final int SAMPLE_ONE_IN = 1000;

    private final BufferedWriter out;
    private final long rowsMax;
    private final SplittableRandom random = new SplittableRandom(42);
    private final Map<String, String> sample = new TreeMap<>();
    private long rows;

    private PublicText(BufferedWriter out, long rowsMax) {
        this.out = out;
        this.rowsMax = rowsMax;
    }

    /// What was written, and some of it to look for.
    record Rows(long count, Map<String, String> sample) {}

    /// Writes up to `rowsMax` rows as tab-separated lines; fewer if there is less text on this
    /// machine.
    static Rows write(Path file, long rowsMax) throws IOException, InterruptedException {
        try (var out = Files.newBufferedWriter(file)) {
            var text = new PublicText(out, rowsMax);
            for (String list : WORD_LISTS) text.writeWords(Path.of(list));
            text.writePackages();
            return new Rows(text.rows, text.sample);
        }
    }

    private void writeWords(Path list) throws IOException {
        if (!Files.exists(list)) return;
        Set<String> seen = new HashSet<>();
        for (String word : Files.readAllLines(list, StandardCharsets.UTF_8))
            if (!word.isBlank() && seen.add(word))
                writeRow("word:" + list.getFileName() + ":" + word, Integer.toString(seen.size()));
    }

    private void writePackages() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of("/usr/bin/apt-cache")) || isFull()) return;
        Process index =
                new ProcessBuilder("/usr/bin/apt-cache", "dumpavail")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(index.getInputStream(), StandardCharsets.UTF_8))) {
            writeFields(lines);
        } finally {
            index.destroyForcibly();
        }
    }

    private void writeFields(BufferedReader lines) throws IOException {
        Set<String> seen = new HashSet<>();
        String entry = "";
        for (String line = lines.readLine(); line != null && !isFull(); line = lines.readLine()) {
            int colon = line.indexOf(": ");
            if (colon <= 0 || line.startsWith(" ")) continue;
            String field = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 2);
            if (field.equals("package")) entry = seen.add(value) ? value : "";
            if (!entry.isEmpty()) writeRow("apt:" + entry + ":" + field, value);
        }
    }

    private void writeRow(String key, String value) throws IOException {
        if (isFull()) return;
        String plain = value.replace('\t', ' ').replace('\\', '/');
        out.write(key + "\t" + plain + "\n");
        rows++;
        if (random.nextInt(SAMPLE_ONE_IN) == 0) sample.put(key, plain);
    }

    private boolean isFull() {
        return rows == rowsMax;
    }
}
