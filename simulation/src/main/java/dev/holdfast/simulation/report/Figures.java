package dev.holdfast.simulation.report;

import dev.holdfast.base.Adapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The figures that long suites have shown, in a page that the documentation quotes: one row a
/// figure, each with the machine it was measured on. A newer measurement replaces an older one.
@Adapter("files: a page of the documentation")
public final class Figures {
    private static final String FILE = System.getProperty("holdfast.figures", "target/figures.md");
    private static final Pattern ROW = Pattern.compile("\\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");
    private static final String HEAD =
            """
            # Figures

            What the long suites have shown. Written by `./verify --long`.

            | what | figure | machine |
            |---|---|---|
            """;

    private Figures() {}

    /// Notes a count.
    public static void record(String what, long count) {
        record(what, String.format(Locale.ROOT, "%,d", count));
    }

    /// Notes a figure with its unit.
    public static synchronized void record(String what, String figure) {
        try {
            write(Path.of(FILE).toAbsolutePath(), what, figure);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void write(Path file, String what, String figure) throws IOException {
        var rows = new TreeMap<String, String>();
        if (Files.exists(file))
            for (String line : Files.readAllLines(file)) {
                var row = ROW.matcher(line);
                if (row.matches() && !row.group(1).equals("what")) rows.put(row.group(1), line);
            }
        rows.put(what, "| " + what + " | " + figure + " | " + machine() + " |");
        Files.createDirectories(file.getParent());
        Files.writeString(file, HEAD + String.join("\n", rows.values()) + "\n");
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors()
                + " processors, "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.arch")
                + ", Java "
                + Runtime.version().feature();
    }
}
