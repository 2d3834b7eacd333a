package dev.holdfast.lifecycle.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Circles in a graph of who waits for whom.
public final class Circles {
    private static final int FOUND_MAX = 100;

    private Circles() {}

    /// Circles in `edges`, each as its members in order. Whoever is in any circle is in one that is
    /// returned, the shortest that leads through it; of a great many only the first.
    public static List<List<String>> in(Map<String, Set<String>> edges) {
        List<List<String>> found = new ArrayList<>();
        Set<String> covered = new HashSet<>();
        for (String start : edges.keySet()) {
            if (FOUND_MAX <= found.size()) break;
            if (covered.contains(start)) continue;
            List<String> circle = shortestThrough(start, edges);
            if (circle.isEmpty()) continue;
            found.add(circle);
            covered.addAll(circle);
        }
        return found;
    }

    private static List<String> shortestThrough(String start, Map<String, Set<String>> edges) {
        Map<String, String> reachedFrom = new HashMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            String node = open.removeFirst();
            for (String next : edges.getOrDefault(node, Set.of())) {
                if (next.equals(start)) return pathTo(node, start, reachedFrom);
                if (reachedFrom.putIfAbsent(next, node) == null) open.addLast(next);
            }
        }
        return List.of();
    }

    private static List<String> pathTo(String last, String start, Map<String, String> reachedFrom) {
        LinkedList<String> path = new LinkedList<>(List.of(last));
        while (!path.getFirst().equals(start)) path.addFirst(reachedFrom.get(path.getFirst()));
        return List.copyOf(path);
    }
}
