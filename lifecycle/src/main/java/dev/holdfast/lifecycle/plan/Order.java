package dev.holdfast.lifecycle.plan;

import static dev.holdfast.base.Checks.require;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// In which order named parts start, stop and are released, from two kinds of edge: `requires` and
/// `feeds`.
///
/// Stop is not start reversed: a producer stops before the consumer that it feeds, whichever of
/// them started first; where no `feeds` edge says so, dependents stop before what they require.
/// Parts without an order between them share a wave. Immutable; the order depends only on the order
/// of the parts.
public final class Order {
    /// One part and its edges.
    public record Part(String name, Set<String> requires, Set<String> feeds) {
        public Part {
            requires = Collections.unmodifiableSortedSet(new TreeSet<>(requires));
            feeds = Collections.unmodifiableSortedSet(new TreeSet<>(feeds));
        }
    }

    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final List<String> started = new ArrayList<>();
    private final Map<String, Set<String>> stopsAfter = new HashMap<>();

    /// Throws [IllegalArgumentException] if a name is taken twice, an edge leads nowhere, or
    /// `requires` has a circle; the message names the path (LIFE-18).
    public Order(List<Part> list) {
        for (Part part : list) {
            require(
                    parts.putIfAbsent(part.name(), part) == null,
                    "two components are called %s",
                    part.name());
        }
        for (Part part : list) {
            part.requires().forEach(other -> requireKnown(part, "requires", other));
            part.feeds().forEach(other -> requireKnown(part, "feeds", other));
        }
        for (Part part : list) visit(part, new ArrayDeque<>());
        addStopEdges(list);
    }

    private void requireKnown(Part part, String edge, String other) {
        require(parts.containsKey(other), "%s %s %s, which is not there", part.name(), edge, other);
    }

    private void visit(Part part, Deque<String> path) {
        if (started.contains(part.name())) return;
        path.addLast(part.name());
        for (String required : part.requires()) {
            require(
                    !path.contains(required),
                    "components require each other in a circle: %s -> %s",
                    String.join(" -> ", path.stream().dropWhile(n -> !n.equals(required)).toList()),
                    required);
            visit(part(required), path);
        }
        path.removeLast();
        started.add(part.name());
    }

    // `feeds` first, so that they win; an edge that would close a circle is left out.
    private void addStopEdges(List<Part> list) {
        for (Part part : list) stopsAfter.put(part.name(), new LinkedHashSet<>());
        for (Part part : list) part.feeds().forEach(to -> addStopEdge(part.name(), to));
        for (Part part : list) part.requires().forEach(to -> addStopEdge(part.name(), to));
    }

    private void addStopEdge(String first, String second) {
        if (!first.equals(second) && !isStoppedAfter(first, second)) {
            stopsAfter.getOrDefault(second, Set.of()).add(first);
        }
    }

    private boolean isStoppedAfter(String later, String earlier) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(later));
        while (!open.isEmpty()) {
            String each = open.removeFirst();
            if (each.equals(earlier)) return true;
            if (seen.add(each)) open.addAll(stopsAfter.getOrDefault(each, Set.of()));
        }
        return false;
    }

    /// All parts, each after those that it requires.
    public List<String> startOrder() {
        return List.copyOf(started);
    }

    /// Those that `takesPart`, in waves: a wave stops when the waves before it have.
    public List<List<String>> stopWaves(Predicate<String> takesPart) {
        return waves(takesPart, stopsAfter);
    }

    /// All parts in waves for release: dependents strictly before what they require (LIFE-17).
    public List<List<String>> releaseWaves() {
        Map<String, Set<String>> after = new HashMap<>();
        for (String name : parts.keySet()) after.put(name, new LinkedHashSet<>());
        for (Part part : parts.values()) {
            part.requires().forEach(to -> after.getOrDefault(to, Set.of()).add(part.name()));
        }
        return waves(_ -> true, after);
    }

    private List<List<String>> waves(Predicate<String> takesPart, Map<String, Set<String>> after) {
        Map<String, Integer> depths = new HashMap<>();
        List<List<String>> waves = new ArrayList<>();
        for (String name : parts.keySet()) {
            if (!takesPart.test(name)) continue;
            int depth = depth(name, takesPart, after, depths);
            while (waves.size() <= depth) waves.add(new ArrayList<>());
            waves.get(depth).add(name);
        }
        return waves;
    }

    private static int depth(
            String name,
            Predicate<String> takesPart,
            Map<String, Set<String>> after,
            Map<String, Integer> depths) {
        Integer known = depths.get(name);
        if (known != null) return known;
        int depth = 0;
        for (String before : after.getOrDefault(name, Set.of())) {
            int own = takesPart.test(before) ? 1 : 0;
            depth = Math.max(depth, depth(before, takesPart, after, depths) + own);
        }
        depths.put(name, depth);
        return depth;
    }

    /// Everything that `name` requires, directly or through others.
    public Set<String> allRequiredBy(String name) {
        Set<String> all = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(part(name).requires());
        while (!open.isEmpty()) {
            String each = open.removeFirst();
            if (all.add(each)) open.addAll(part(each).requires());
        }
        return all;
    }

    private Part part(String name) {
        Part part = parts.get(name);
        if (part == null) throw new IllegalArgumentException("no component is called " + name);
        return part;
    }
}
