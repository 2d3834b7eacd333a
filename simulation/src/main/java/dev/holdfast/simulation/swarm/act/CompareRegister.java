package dev.holdfast.simulation.swarm.act;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.simulation.check.Register;
import dev.holdfast.simulation.check.Write.Row;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.Keys;
import dev.holdfast.simulation.swarm.stage.Session;
import dev.holdfast.simulation.swarm.stage.Value;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Reads one register, thinks, and puts it if nobody else did.
final class CompareRegister implements Action {
    @Override
    public void run(Session session, SplittableRandom chance) throws InterruptedException {
        Journal journal = session.journal();
        List<String> registers = session.keys().registers();
        String key = registers.get(chance.nextInt(registers.size()));
        long call = journal.tick();
        try (ReadView view = session.db().view()) {
            Bytes found = view.get(Keys.bytes(key));
            String value = found == null ? Register.ABSENT : found.toUtf8();
            journal.add(new Journal.Got(session.life(), key, value, call, journal.tick()));
            if (chance.nextBoolean()) session.pause(20);
            int id = journal.number();
            List<Row> rows = List.of(new Row(key, Value.of(id, key, 0)));
            session.writeIfUnchanged(view, id, rows, Map.of(key, value));
        } catch (Conflict _) {
            journal.sometimes("conflict");
        }
    }
}
