package dev.holdfast.bench.engine;

import dev.holdfast.base.Adapter;
import dev.holdfast.bench.peer.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Measures Holdfast beside its peers in turns, prints medians and ratios, and leaves all rounds in
/// a file and in a page.
@Adapter("writes its report")
public final class EngineBench {
    // What docs/operating/configure.md says for a memory of 768 MiB (HoldfastSubject).
    private static final List<String> FLAGS =
            List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-XX:+UseSerialGC",
                    "-XX:MaxDirectMemorySize=16m",
                    "-Xmn48m",
                    "-Xmx833m");
    static final String OURS = "holdfast";

    private final EngineOptions options;
    private final Runs runs;
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private final String machine;
    private final List<ResultPage.Part> parts = new ArrayList<>();
    private final List<String> lines = new ArrayList<>(); // of the measure at hand
    private boolean areAllMet = true;

    /// @param machine that it is measured on, in words
    public EngineBench(EngineOptions options, String machine) {
        this.options = options;
        this.machine = machine;
        runs = new Runs(options.directory());
    }

    /// Measures and prints; false if a bound was missed.
    public boolean run() throws IOException {
        for (String name : List.of(OURS, "rocksdb", "store"))
            peers.put(name, new JavaPeer(name, FLAGS, options.profiles()));
        peers.put("slatedb", new NativeSlateDb(options.home()));
        for (Measure measure : Measure.all())
            if (options.wants(measure)) {
                compare(measure);
                report();
            }
        return areAllMet;
    }

    // After each measure: whoever stops it has what there is.
    private void report() throws IOException {
        List<Result> results = parts.stream().map(ResultPage.Part::result).toList();
        String name = options.what();
        Path directory = Files.createDirectories(options.directory());
        Files.writeString(directory.resolve(name + ".json"), ResultFile.json(machine, results));
        Files.writeString(directory.resolve(name + ".html"), ResultPage.html(machine, parts));
    }

    private void compare(Measure measure) throws IOException {
        lines.clear();
        Set<String> names = new LinkedHashSet<>(Set.of(OURS));
        for (Bound bound : measure.bounds()) names.add(bound.peer());
        say("");
        say("%s (%s)".formatted(measure.title(), measure.name()));
        for (String name : names) {
            String absence = peer(name).absence();
            if (absence == null) continue;
            say("  skipped: no %s here: %s".formatted(name, absence));
            return;
        }
        Map<String, List<Figures>> found = rounds(measure, List.copyOf(names));
        found.forEach((name, figures) -> say(line(name, figures)));
        for (Bound bound : measure.bounds()) judge(bound, found);
        var result = new Result(measure.name(), measure.title(), found);
        parts.add(new ResultPage.Part(result, List.copyOf(lines)));
    }

    private Peer peer(String name) {
        Peer peer = peers.get(name);
        if (peer == null) throw new IllegalArgumentException("no such peer: " + name);
        return peer;
    }

    // Who comes first changes, so that a machine that slows down harms all alike.
    private Map<String, List<Figures>> rounds(Measure measure, List<String> names)
            throws IOException {
        var found = new LinkedHashMap<String, List<Figures>>();
        for (String name : names) found.put(name, new ArrayList<>());
        for (int round = 0; round < options.rounds(); round++) {
            List<String> order = round % 2 == 0 ? names : names.reversed();
            for (String name : order)
                found.getOrDefault(name, new ArrayList<>())
                        .add(runs.measure(peer(name), measure.tasks()));
        }
        return found;
    }

    private static String line(String name, List<Figures> figures) {
        return ("  %-9s %,14.0f a second  %8.2f us of processor"
                        + "  p50 %,10.1f us  p99 %,10.1f us  %,6.0f MiB")
                .formatted(
                        name,
                        median(figures, Metric.RATE),
                        median(figures, Metric.PROCESSOR),
                        median(figures, Metric.P50),
                        median(figures, Metric.P99),
                        median(figures, Metric.PEAK));
    }

    private void judge(Bound bound, Map<String, List<Figures>> found) {
        double ours = median(found.getOrDefault(OURS, List.of()), bound.metric());
        double theirs = median(found.getOrDefault(bound.peer(), List.of()), bound.metric());
        double ratio = ours / theirs;
        boolean isMet = bound.isMetBy(ours, theirs);
        areAllMet &= isMet;
        say(
                "  %-9s %.2f times %s's, %s%s"
                        .formatted(
                                bound.metric().key(),
                                ratio,
                                bound.peer(),
                                bound,
                                isMet ? "" : "  MISSED"));
    }

    static double median(List<Figures> figures, Metric metric) {
        double[] sorted = figures.stream().mapToDouble(metric::of).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private void say(String line) {
        lines.add(line);
        System.out.println(line);
    }

    /// Where the working copy is, told by the launcher.
    public static Path home() {
        return Path.of(System.getProperty("holdfast.home", ".")).toAbsolutePath().normalize();
    }
}
