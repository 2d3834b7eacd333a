package dev.holdfast.simulation.swarm.act;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.simulation.check.Write.Row;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.Keys;
import dev.holdfast.simulation.swarm.stage.RunSettings;
import dev.holdfast.simulation.swarm.stage.Session;
import dev.holdfast.simulation.swarm.stage.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Moves money from one account to another; into an empty bank it pays the first deposits.
final class Transfer implements Action {
    private static final int AMOUNT_MAX = 40;

    @Override
    public void run(Session session, SplittableRandom chance) throws InterruptedException {
        Journal journal = session.journal();
        List<String> accounts = new ArrayList<>(session.keys().accounts());
        String from = accounts.remove(chance.nextInt(accounts.size()));
        String to = accounts.get(chance.nextInt(accounts.size()));
        try (ReadView view = session.db().view()) {
            int id = journal.number();
            Bytes source = view.get(Keys.bytes(from));
            Bytes target = view.get(Keys.bytes(to));
            if (chance.nextBoolean()) session.pause(10);
            List<Row> rows;
            if (source == null || target == null) rows = deposits(session, id);
            else {
                int amount = 1 + chance.nextInt(AMOUNT_MAX);
                rows =
                        List.of(
                                row(from, id, Value.balance(source.toUtf8()) - amount),
                                row(to, id, Value.balance(target.toUtf8()) + amount));
            }
            session.writeIfUnchanged(view, id, rows, Map.of());
        } catch (Conflict _) {
            journal.sometimes("conflict");
        }
    }

    private static List<Row> deposits(Session session, int id) {
        return session.keys().accounts().stream()
                .map(account -> row(account, id, RunSettings.BALANCE))
                .toList();
    }

    private static Row row(String account, int id, long balance) {
        return new Row(account, Value.of(id, String.valueOf(balance), 0));
    }
}
