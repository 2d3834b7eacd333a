package dev.holdfast.bench.engine;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.bench.peer.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Results as JSON: a line for each peer of each measure, all rounds in it.
final class ResultFile {
    private static final String COLUMNS =
            "\"operations\", \"seconds\", \"processorSeconds\", \"p50Seconds\", \"p99Seconds\","
                    + " \"peakKib\"";
    private static final Pattern LINE =
            Pattern.compile(
                    "\\{\"measure\": \"([^\"]*)\", \"title\": \"([^\"]*)\", \"peer\": \"([^\"]*)\","
                            + " \"rounds\": \\[(.*)]}");
    private static final Pattern ROUND = Pattern.compile("\\[([^\\[\\]]*)]");
    private static final int COLUMN_COUNT = 6;

    private ResultFile() {}

    /// @param machine that they were measured on, in words
    static String json(String machine, List<Result> results) {
        var lines = new ArrayList<String>();
        for (Result result : results)
            result.figures().forEach((peer, all) -> lines.add(line(result, peer, all)));
        return "{\"machine\": \"%s\", \"columns\": [%s], \"results\": [\n%s\n]}\n"
                .formatted(plain(machine), COLUMNS, String.join(",\n", lines));
    }

    private static String line(Result result, String peer, List<Figures> all) {
        return "  {\"measure\": \"%s\", \"title\": \"%s\", \"peer\": \"%s\", \"rounds\": [%s]}"
                .formatted(
                        result.measure(),
                        plain(result.title()),
                        peer,
                        all.stream().map(ResultFile::round).collect(Collectors.joining(", ")));
    }

    private static String plain(String words) {
        return words.replace('"', '\'');
    }

    private static String round(Figures figures) {
        return String.format(
                Locale.ROOT,
                "[%.0f, %.6f, %.6f, %.9f, %.9f, %d]",
                figures.operations(),
                figures.seconds(),
                figures.processorSeconds(),
                figures.p50Seconds(),
                figures.p99Seconds(),
                figures.peakKib());
    }

    /// Reads what [#json] has written. Throws `IllegalArgumentException` for anything else.
    static List<Result> parse(String json) {
        var found = new LinkedHashMap<String, Result>();
        Matcher line = LINE.matcher(json);
        while (line.find()) {
            var figures = Map.of(line.group(3), rounds(line.group(4)));
            var result = new Result(line.group(1), line.group(2), figures);
            found.merge(result.measure(), result, Result::with);
        }
        require(!found.isEmpty(), "no results of a comparison");
        return List.copyOf(found.values());
    }

    private static List<Figures> rounds(String text) {
        var rounds = new ArrayList<Figures>();
        Matcher round = ROUND.matcher(text);
        while (round.find()) rounds.add(figures(round.group(1).split(", ")));
        return rounds;
    }

    private static Figures figures(String[] values) {
        require(values.length == COLUMN_COUNT, "figures in a round: %d", values.length);
        return new Figures(
                Double.parseDouble(values[0]),
                Double.parseDouble(values[1]),
                Double.parseDouble(values[2]),
                Double.parseDouble(values[3]),
                Double.parseDouble(values[4]),
                Long.parseLong(values[5]));
    }
}
