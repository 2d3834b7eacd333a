package dev.holdfast.format.damage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// The counts of a long run, added to the page that `-Dholdfast.figures` names. Whoever writes that
/// page next puts the rows in order.
final class DamageFigures {
    private static final String HEAD =
            "# Figures\n\nWhat the long suites have shown. Written by `./verify --long`.\n\n"
                    + "| what | figure | machine |\n|---|---|---|\n";

    private DamageFigures() {}

    static void record(String what, long count) {
        String page = System.getProperty("holdfast.figures");
        if (page == null) return;
        String machine =
                "%d processors, %s, Java %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                                Runtime.version());
        String row = String.format(Locale.ROOT, "| %s | %,d | %s |%n", what, count, machine);
        try {
            write(Path.of(page), "| " + what + " |", row);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void write(Path page, String start, String row) throws IOException {
        String before = Files.exists(page) ? Files.readString(page) : HEAD;
        var kept = new StringBuilder();
        for (String line : before.lines().toList())
            if (!line.startsWith(start)) kept.append(line).append('\n');
        Files.writeString(page, kept + row, StandardOpenOption.CREATE);
    }
}
