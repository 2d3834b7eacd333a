package dev.holdfast.simulation.swarm.act;

import dev.holdfast.simulation.check.Write.Row;
import dev.holdfast.simulation.swarm.stage.Session;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Merges an element into a few keys as one batch; now and then it sets or deletes one instead.
final class MergeElements implements Action {
    private static final int ROWS_MAX = 4;

    @Override
    public void run(Session session, SplittableRandom chance) throws InterruptedException {
        int id = session.journal().number();
        Map<String, Row> rows = new TreeMap<>();
        List<String> keys = session.keys().merged();
        for (int left = 1 + chance.nextInt(ROWS_MAX); 0 < left; left--) {
            String key = keys.get(chance.nextInt(keys.size()));
            String element = String.valueOf(id) + Row.END;
            rows.put(
                    key,
                    switch (chance.nextInt(12)) {
                        case 0 -> new Row(key, null);
                        case 1 -> new Row(key, element);
                        default -> Row.added(key, element);
                    });
        }
        session.write(
                id, List.copyOf(rows.values()), session.world().settings().durabilityDrawn(chance));
        session.journal().sometimes("merged");
    }
}
