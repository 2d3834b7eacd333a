package dev.holdfast.simulation.swarm.act;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.simulation.check.Write.Row;
import dev.holdfast.simulation.swarm.stage.Keys;
import dev.holdfast.simulation.swarm.stage.Session;
import dev.holdfast.simulation.swarm.stage.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/// Takes rows in key order past the log, thinks in between, and commits them as one, or gives up.
final class IngestRows implements Action {
    @Override
    public void run(Session session, SplittableRandom chance) throws InterruptedException {
        int id = session.journal().number();
        List<Row> rows = rows(session, chance, id);
        if (rows.isEmpty()) return;
        var options =
                Db.Ingest.Options.defaults()
                        .withTableSize(ByteSize.bytes(64L << chance.nextInt(8)))
                        .withWithin(Duration.ofSeconds(1 + chance.nextInt(600)));
        try (Db.Ingest ingest = session.db().ingest(options)) {
            for (Row row : rows) {
                Bytes key = Keys.bytes(row.key());
                String value = row.value();
                if (value == null) ingest.delete(key);
                else ingest.put(key, Bytes.utf8(value), Session.expiryOf(row));
                if (chance.nextInt(8) == 0) session.pause(50);
            }
            if (chance.nextInt(6) == 0) return;
            session.commit(ingest, id, rows);
        } catch (Conflict _) {
            session.journal().sometimes("ingest outrun");
        }
    }

    private static List<Row> rows(Session session, SplittableRandom chance, int id) {
        var keys = new TreeSet<>(session.keys().fleeting());
        keys.addAll(session.keys().registers());
        int padding = session.world().settings().valueBytesMax();
        List<Row> rows = new ArrayList<>();
        for (String key : keys) {
            if (chance.nextInt(3) == 0) continue;
            if (Keys.isFleeting(key)) rows.add(PutForAWhile.row(session, chance, id, key));
            else if (chance.nextInt(4) == 0) rows.add(new Row(key, null));
            else rows.add(new Row(key, Value.of(id, key, chance.nextInt(padding + 1))));
        }
        return rows;
    }
}
