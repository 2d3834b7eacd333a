package dev.holdfast.simulation.swarm;

import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.simulation.swarm.ListTransaction.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A transaction that reads a few lists, and appends to some of them.
final class AppendToLists implements Action {
    private static final int LISTS_MAX = 3;

    @Override
    public void run(Session session, SplittableRandom chance) throws InterruptedException {
        var transaction = new ListTransaction(session);
        session.journal().add(transaction);
        try (ReadView view = session.db().view()) {
            List<String> lists = new ArrayList<>(session.keys().lists());
            for (int left = 1 + chance.nextInt(LISTS_MAX); 0 < left && !lists.isEmpty(); left--)
                transaction.read(
                        view,
                        lists.remove(chance.nextInt(lists.size())),
                        chance.nextBoolean() ? Next.APPEND : Next.LEAVE);
            if (chance.nextInt(3) == 0) session.pause(20);
            transaction.commit(view);
        } catch (Conflict _) {
            session.journal().sometimes("conflict");
        }
    }
}
