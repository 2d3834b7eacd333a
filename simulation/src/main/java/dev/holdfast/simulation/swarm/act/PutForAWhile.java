package dev.holdfast.simulation.swarm.act;

import dev.holdfast.simulation.check.Write.Row;
import dev.holdfast.simulation.swarm.stage.Session;
import dev.holdfast.simulation.swarm.stage.Value;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Puts values that expire sooner or later, or never, or deletes them before they do.
final class PutForAWhile implements Action {
    private static final int ROWS_MAX = 3;
    private static final int[] MILLIS_MAX = {1, 30, 1_000, 20_000, 120_000};

    @Override
    public void run(Session session, SplittableRandom chance) throws InterruptedException {
        int id = session.journal().number();
        Map<String, Row> rows = new TreeMap<>();
        List<String> keys = session.keys().fleeting();
        for (int left = 1 + chance.nextInt(ROWS_MAX); 0 < left; left--) {
            String key = keys.get(chance.nextInt(keys.size()));
            rows.put(key, row(session, chance, id, key));
        }
        session.write(
                id, List.copyOf(rows.values()), session.world().settings().durabilityDrawn(chance));
    }

    /// What `id` puts at a key that expires.
    static Row row(Session session, SplittableRandom chance, int id, String key) {
        if (chance.nextInt(6) == 0) return new Row(key, null);
        boolean isForEver = chance.nextInt(4) == 0;
        int most = MILLIS_MAX[chance.nextInt(MILLIS_MAX.length)];
        long expireAt = isForEver ? 0 : session.journal().wallMillis() + 1 + chance.nextInt(most);
        int padding = chance.nextInt(session.world().settings().valueBytesMax() + 1);
        return Row.expiring(key, Value.of(id, String.valueOf(expireAt), padding), expireAt);
    }
}
