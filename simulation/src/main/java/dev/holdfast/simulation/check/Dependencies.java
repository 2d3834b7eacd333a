package dev.holdfast.simulation.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Which transaction must come before which, and why.
final class Dependencies {
    /// Why one comes before another, in the order of the anomalies that a cycle of them makes.
    enum Why {
        /// It wrote what the other wrote over.
        WRITE_WRITE,
        /// It wrote what the other read.
        WRITE_READ,
        /// It read what the other wrote over.
        READ_WRITE,
        /// It had ended when the other began.
        REAL_TIME
    }

    private record Edge(int to, Why why) {}

    private final List<List<Edge>> edges = new ArrayList<>();

    Dependencies(int nodes) {
        for (int i = 0; i < nodes; i++) edges.add(new ArrayList<>());
    }

    void add(int from, int to, Why why) {
        if (from != to) edges.get(from).add(new Edge(to, why));
    }

    /// The members of one cycle of edges up to `most`; empty if there is none.
    List<Integer> cycle(Why most) {
        return new Components(most).find();
    }

    /// A cycle with exactly one edge of [Why#READ_WRITE], all others below; empty if there is none.
    List<Integer> cycleWithOneAntiDependency() {
        for (int from = 0; from < edges.size(); from++)
            for (Edge edge : edges.get(from))
                if (edge.why() == Why.READ_WRITE && reaches(edge.to(), from))
                    return List.of(from, edge.to());
        return List.of();
    }

    /// The members of one cycle in which no edge of [Why#READ_WRITE] follows on another one; empty
    /// if there is none.
    List<Integer> cycleWithoutAdjacentAntiDependencies() {
        // Each node twice: as it is come to by such an edge, and by another.
        var twice = new Dependencies(2 * edges.size());
        for (int from = 0; from < edges.size(); from++)
            for (Edge edge : edges.get(from)) {
                boolean isAnti = edge.why() == Why.READ_WRITE;
                int to = 2 * edge.to() + (isAnti ? 1 : 0);
                if (edge.why() == Why.REAL_TIME) continue;
                twice.add(2 * from, to, Why.WRITE_READ);
                if (!isAnti) twice.add(2 * from + 1, to, Why.WRITE_READ);
            }
        return twice.cycle(Why.WRITE_READ).stream().map(node -> node / 2).distinct().toList();
    }

    private boolean reaches(int from, int target) {
        var seen = new BitSet();
        var left = new ArrayDeque<Integer>(List.of(from));
        while (!left.isEmpty()) {
            int node = left.pop();
            if (node == target) return true;
            if (seen.get(node)) continue;
            seen.set(node);
            for (Edge edge : edges.get(node))
                if (edge.why().compareTo(Why.WRITE_READ) <= 0) left.push(edge.to());
        }
        return false;
    }

    /// Tarjan's search for a strongly connected component of more than one node, without recursion.
    private final class Components {
        private final Why most;
        private final int[] number = new int[edges.size()];
        private final int[] low = new int[edges.size()];
        private final int[] position = new int[edges.size()];
        private final BitSet isOpen = new BitSet();
        private final ArrayDeque<Integer> open = new ArrayDeque<>();
        private final ArrayDeque<Integer> path = new ArrayDeque<>();
        private int count;

        Components(Why most) {
            this.most = most;
            Arrays.fill(number, -1);
        }

        List<Integer> find() {
            for (int start = 0; start < number.length; start++) {
                if (0 <= number[start]) continue;
                enter(start);
                while (!path.isEmpty()) {
                    List<Integer> found = advance(path.peek());
                    if (1 < found.size()) return found;
                }
            }
            return List.of();
        }

        private void enter(int node) {
            number[node] = low[node] = count++;
            open.push(node);
            isOpen.set(node);
            path.push(node);
        }

        // One step down an edge, or back up with the component that ends here.
        private List<Integer> advance(int node) {
            List<Edge> out = edges.get(node);
            while (position[node] < out.size()) {
                Edge edge = out.get(position[node]++);
                if (0 < edge.why().compareTo(most)) continue;
                if (number[edge.to()] < 0) {
                    enter(edge.to());
                    return List.of();
                }
                if (isOpen.get(edge.to())) low[node] = Math.min(low[node], number[edge.to()]);
            }
            path.pop();
            if (!path.isEmpty()) low[path.peek()] = Math.min(low[path.peek()], low[node]);
            return low[node] == number[node] ? component(node) : List.of();
        }

        private List<Integer> component(int root) {
            List<Integer> members = new ArrayList<>();
            int member;
            do {
                member = open.pop();
                isOpen.clear(member);
                members.add(member);
            } while (member != root);
            return members;
        }
    }
}
