package dev.holdfast.simulation.swarm.act;

import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.simulation.swarm.stage.ListTransaction;
import dev.holdfast.simulation.swarm.stage.Session;
import java.util.SplittableRandom;

/// Reads a few lists and appends to some of them in a transaction of the engine.
final class TransactLists implements Action {
    @Override
    public void run(Session session, SplittableRandom chance) throws InterruptedException {
        var lists = new ListTransaction(session);
        session.journal().add(lists);
        try (Transaction transaction = session.db().begin(IsolationLevel.SERIALIZABLE)) {
            AppendToLists.read(session, transaction, lists, chance);
            lists.commit(transaction);
            session.journal().sometimes("transaction committed");
        } catch (Conflict _) {
            session.journal().sometimes("conflict");
        }
    }
}
