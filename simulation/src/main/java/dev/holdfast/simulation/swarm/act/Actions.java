package dev.holdfast.simulation.swarm.act;

import dev.holdfast.base.Bytes;
import dev.holdfast.simulation.check.Register;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.Keys;
import dev.holdfast.simulation.swarm.stage.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Everything that clients do, each as often as it is listed.
record Actions(List<Action> drawnFrom) {
    static Actions ofClients() {
        var each = new ArrayList<Action>();
        add(each, 8, new WriteRegisters());
        add(each, 5, Actions::getRegister);
        add(each, 3, new CompareRegister());
        add(each, 3, new AppendToLists());
        add(each, 2, new Transfer());
        add(each, 2, new ScanTwice());
        add(each, 1, (session, _) -> session.flush());
        add(each, 1, (session, _) -> session.flushMemtables());
        return new Actions(List.copyOf(each));
    }

    /// The same, and all else that an engine offers.
    static Actions withFeatures() {
        List<Action> each = new ArrayList<>(ofClients().drawnFrom);
        add(each, 4, new MergeElements());
        add(each, 3, new PutForAWhile());
        add(each, 2, new TransactLists());
        add(each, 1, new DeleteRange());
        add(each, 1, new IngestRows());
        return new Actions(List.copyOf(each));
    }

    private static void getRegister(Session session, SplittableRandom chance) {
        Journal journal = session.journal();
        List<String> registers = session.keys().registers();
        String key = registers.get(chance.nextInt(registers.size()));
        long call = journal.tick();
        Bytes found = session.db().get(Keys.bytes(key));
        String value = found == null ? Register.ABSENT : found.toUtf8();
        journal.add(new Journal.Got(session.life(), key, value, call, journal.tick()));
    }

    private static void add(List<Action> each, int weight, Action action) {
        for (int i = 0; i < weight; i++) each.add(action);
    }

    Action drawn(SplittableRandom chance) {
        return drawnFrom.get(chance.nextInt(drawnFrom.size()));
    }
}
