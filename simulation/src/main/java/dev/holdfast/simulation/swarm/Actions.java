package dev.holdfast.simulation.swarm;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Everything that clients do, each as often as it is listed.
record Actions(List<Action> drawnFrom) {
    static Actions ofClients() {
        var each = new ArrayList<Action>();
        add(each, 8, new WriteRegisters());
        add(each, 5, new GetRegister());
        add(each, 3, new CompareRegister());
        add(each, 3, new AppendToLists());
        add(each, 2, new Transfer());
        add(each, 2, new ScanTwice());
        add(each, 1, (session, _) -> session.flush());
        add(each, 1, (session, _) -> session.flushMemtables());
        return new Actions(List.copyOf(each));
    }

    private static void add(List<Action> each, int weight, Action action) {
        for (int i = 0; i < weight; i++) each.add(action);
    }

    Action drawn(SplittableRandom chance) {
        return drawnFrom.get(chance.nextInt(drawnFrom.size()));
    }
}
