package dev.holdfast.simulation.swarm.act;

import static dev.holdfast.engine.api.Durability.MEMORY;

import dev.holdfast.engine.api.Durability;
import dev.holdfast.simulation.check.Write.Row;
import dev.holdfast.simulation.swarm.stage.Asked;
import dev.holdfast.simulation.swarm.stage.RunSettings;
import dev.holdfast.simulation.swarm.stage.Session;
import dev.holdfast.simulation.swarm.stage.Value;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Puts and deletes a few registers as one batch, now and then waiting for durability afterwards.
final class WriteRegisters implements Action {
    private static final int ROWS_MAX = 4;

    @Override
    public void run(Session session, SplittableRandom chance) throws InterruptedException {
        int id = session.journal().number();
        RunSettings settings = session.world().settings();
        Durability level = settings.durabilityDrawn(chance);
        List<Row> rows = rows(session, chance, id);
        if (level == MEMORY || chance.nextBoolean()) {
            session.write(id, rows, level);
            return;
        }
        Asked asked = session.write(id, rows, MEMORY);
        session.awaitDurable(asked, 1 + chance.nextInt(5_000));
    }

    private static List<Row> rows(Session session, SplittableRandom chance, int id) {
        List<String> registers = session.keys().registers();
        int padding = session.world().settings().valueBytesMax();
        Map<String, Row> rows = new TreeMap<>();
        for (int left = 1 + chance.nextInt(ROWS_MAX); 0 < left; left--) {
            String key = registers.get(chance.nextInt(registers.size()));
            boolean isDelete = chance.nextInt(4) == 0;
            String value = Value.of(id, key, chance.nextInt(padding + 1));
            rows.put(key, new Row(key, isDelete ? null : value));
        }
        return List.copyOf(rows.values());
    }
}
