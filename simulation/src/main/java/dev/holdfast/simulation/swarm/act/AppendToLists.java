package dev.holdfast.simulation.swarm.act;

import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.simulation.swarm.stage.ListTransaction;
import dev.holdfast.simulation.swarm.stage.ListTransaction.Next;
import dev.holdfast.simulation.swarm.stage.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Reads a few lists through a view, and appends to some of them by a conditional write.
final class AppendToLists implements Action {
    private static final int LISTS_MAX = 3;

    @Override
    public void run(Session session, SplittableRandom chance) throws InterruptedException {
        var transaction = new ListTransaction(session);
        session.journal().add(transaction);
        try (ReadView view = session.db().view()) {
            read(session, view, transaction, chance);
            transaction.commit(view);
        } catch (Conflict _) {
            session.journal().sometimes("conflict");
        }
    }

    /// Reads a few lists, marks some of them to be appended to, and thinks.
    static void read(
            Session session, Reads reads, ListTransaction transaction, SplittableRandom chance)
            throws InterruptedException {
        List<String> lists = new ArrayList<>(session.keys().lists());
        for (int left = 1 + chance.nextInt(LISTS_MAX); 0 < left && !lists.isEmpty(); left--)
            transaction.read(
                    reads,
                    lists.remove(chance.nextInt(lists.size())),
                    chance.nextBoolean() ? Next.APPEND : Next.LEAVE);
        if (chance.nextInt(3) == 0) session.pause(20);
    }
}
