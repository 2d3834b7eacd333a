package dev.holdfast.bench.engine;

import dev.holdfast.bench.peer.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was found of one measure.
///
/// @param measure its short name
/// @param title for people
/// @param figures of each peer, round by round
record Result(String measure, String title, Map<String, List<Figures>> figures) {
    Result {
        var copy = new LinkedHashMap<String, List<Figures>>();
        figures.forEach((peer, all) -> copy.put(peer, List.copyOf(all)));
        figures = copy;
    }

    /// The figures of a peer; none if it was not measured.
    List<Figures> of(String peer) {
        return figures.getOrDefault(peer, List.of());
    }

    /// The median of a peer's figures.
    double median(String peer, Metric metric) {
        return EngineBench.median(of(peer), metric);
    }

    /// The same measure with what another result has of it.
    Result with(Result other) {
        var both = new LinkedHashMap<String, List<Figures>>();
        figures.forEach((peer, all) -> both.put(peer, new ArrayList<>(all)));
        other.figures.forEach(
                (peer, all) -> both.computeIfAbsent(peer, _ -> new ArrayList<>()).addAll(all));
        return new Result(measure, title, both);
    }
}
