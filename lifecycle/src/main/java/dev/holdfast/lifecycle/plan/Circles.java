package dev.holdfast.lifecycle.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Circles in a graph of who waits for whom.
public final class Circles {
    private final Map<String, Set<String>> edges;
    private final Set<String> settled = new HashSet<>();
    private final List<String> path = new ArrayList<>();
    private final List<List<String>> found = new ArrayList<>();

    private Circles(Map<String, Set<String>> edges) {
        this.edges = edges;
    }

    /// Circles in `edges`, each as its members in order, each member in at least one circle that is
    /// returned if it is in any.
    public static List<List<String>> in(Map<String, Set<String>> edges) {
        Circles search = new Circles(edges);
        for (String start : edges.keySet()) search.visit(start);
        return search.found;
    }

    private void visit(String node) {
        int at = path.indexOf(node);
        if (0 <= at) {
            found.add(List.copyOf(path.subList(at, path.size())));
            return;
        }
        if (settled.contains(node)) return;
        path.add(node);
        for (String next : edges.getOrDefault(node, Set.of())) visit(next);
        path.removeLast();
        settled.add(node);
    }
}
