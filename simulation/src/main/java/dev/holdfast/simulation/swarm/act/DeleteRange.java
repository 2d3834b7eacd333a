package dev.holdfast.simulation.swarm.act;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.simulation.check.Register;
import dev.holdfast.simulation.check.Write.Row;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.Keys;
import dev.holdfast.simulation.swarm.stage.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/// Removes all that is shown in a range of keys as one commit, as [dev.holdfast.engine.api.Db] does
/// it: what was there at the commit, and nothing else, is gone.
final class DeleteRange implements Action {
    @Override
    public void run(Session session, SplittableRandom chance) throws InterruptedException {
        Keys all = session.keys();
        List<String> keys =
                switch (chance.nextInt(4)) {
                    case 0 -> all.merged();
                    case 1 -> all.fleeting();
                    default -> all.registers();
                };
        int from = chance.nextInt(keys.size());
        List<String> range = keys.subList(from, from + 1 + chance.nextInt(keys.size() - from));
        try {
            delete(session, range, chance);
        } catch (Conflict _) {
            session.journal().sometimes("conflict");
        }
    }

    private static void delete(Session session, List<String> range, SplittableRandom chance)
            throws InterruptedException {
        Journal journal = session.journal();
        try (Transaction transaction = session.db().begin(IsolationLevel.SERIALIZABLE)) {
            Map<String, String> found = found(transaction, range, chance);
            if (chance.nextInt(3) == 0) session.pause(20);
            if (found.isEmpty()) return;
            List<Row> rows = new ArrayList<>();
            for (String key : new TreeSet<>(found.keySet())) rows.add(new Row(key, null));
            long call = journal.tick();
            session.commit(transaction, journal.number(), rows, found);
            journal.sometimes("range deleted");
            // Nobody else wrote there, so the rest of the range was empty at that moment too.
            for (String key : range)
                if (Keys.isRegister(key) && !found.containsKey(key))
                    journal.add(
                            new Journal.Got(
                                    session.life(), key, Register.ABSENT, call, journal.tick()));
        }
    }

    private static Map<String, String> found(
            Transaction transaction, List<String> range, SplittableRandom chance) {
        Bytes start = Keys.bytes(range.getFirst());
        Bytes end = Keys.bytes(range.getLast() + "\0");
        Map<String, String> found = new HashMap<>();
        Order order = chance.nextBoolean() ? Order.ASCENDING : Order.DESCENDING;
        try (Scan scan = transaction.scan(KeyRange.of(start, end), order)) {
            while (scan.next()) found.put(scan.key().toUtf8(), scan.value().toUtf8());
        }
        return found;
    }
}
