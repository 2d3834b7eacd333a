package dev.holdfast.lifecycle.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CirclesTest {
    private static Map<String, Set<String>> graph(String... edges) {
        var graph = new LinkedHashMap<String, Set<String>>();
        for (String edge : edges) {
            String[] ends = edge.split(" -> ");
            graph.computeIfAbsent(ends[0], _ -> new LinkedHashSet<>()).add(ends[1]);
        }
        return graph;
    }

    @Test
    void shouldNameTheMembersInOrder() {
        assertEquals(
                List.of(List.of("a", "b", "c")),
                Circles.in(graph("a -> b", "b -> c", "c -> a", "x -> a", "c -> y")));
    }

    /// The way over `gate` is met only after `holder` was seen to lead back.
    @Test
    @Tag("LIFE-10")
    void life10ShouldNameAMemberOfALongerCircleBesideAShorterOne() {
        List<List<String>> circles =
                Circles.in(
                        graph(
                                "waiter -> worker",
                                "worker -> holder",
                                "holder -> waiter",
                                "worker -> gate",
                                "gate -> holder"));
        assertEquals(
                List.of(
                        List.of("waiter", "worker", "holder"),
                        List.of("gate", "holder", "waiter", "worker")),
                circles);
    }

    @Test
    @Tag("LIFE-10")
    void life10ShouldNameEveryMemberOfAnyCircleOfRandomGraphs() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            var edges = new ArrayList<String>();
            int nodes = 2 + random.nextInt(7);
            for (int i = 0; i < 2 * nodes; i++)
                edges.add(random.nextInt(nodes) + " -> " + random.nextInt(nodes));
            Map<String, Set<String>> graph = graph(edges.toArray(String[]::new));
            var named = new TreeSet<String>();
            for (List<String> circle : Circles.in(graph)) {
                named.addAll(circle);
                for (int i = 0; i < circle.size(); i++)
                    assertTrue(
                            graph.get(circle.get(i)).contains(circle.get((i + 1) % circle.size())));
            }
            var inCircles = new TreeSet<String>();
            for (String node : graph.keySet()) if (reaches(graph, node)) inCircles.add(node);
            assertEquals(inCircles, named, "seed=" + seed + " " + graph);
        }
    }

    private static boolean reaches(Map<String, Set<String>> graph, String start) {
        var reached = new TreeSet<>(graph.get(start));
        boolean grows = true;
        while (grows) {
            var more = new TreeSet<>(reached);
            for (String node : reached) more.addAll(graph.getOrDefault(node, Set.of()));
            grows = reached.addAll(more);
        }
        return reached.contains(start);
    }
}
