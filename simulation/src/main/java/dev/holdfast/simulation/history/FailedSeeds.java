package dev.holdfast.simulation.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The seeds that ever failed, as the file `failed-seeds.txt` beside this class keeps them: they
/// run with every suite, for ever.
///
/// A line is `history seed what it found`; lines that begin with `#` say how to read it.
final class FailedSeeds {
    private static final String FILE = "failed-seeds.txt";

    private FailedSeeds() {}

    /// One of them.
    record FailedSeed(String history, long seed, String found) {
        static FailedSeed parse(String line) {
            String[] words = line.strip().split("\\s+", 3);
            if (words.length < 3) throw new IllegalStateException("what did it find? " + line);
            return new FailedSeed(words[0], Long.parseLong(words[1]), words[2]);
        }
    }

    static List<FailedSeed> all() {
        try (InputStream file = FailedSeeds.class.getResourceAsStream(FILE)) {
            if (file == null) throw new IllegalStateException("not there: " + FILE);
            return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(FailedSeed::parse)
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
