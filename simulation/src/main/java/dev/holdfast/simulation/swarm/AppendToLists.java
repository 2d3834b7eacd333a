package dev.holdfast.simulation.swarm;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.simulation.check.Transaction;
import dev.holdfast.simulation.check.Transaction.Outcome;
import dev.holdfast.simulation.check.Transaction.Step;
import dev.holdfast.simulation.check.Write.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A transaction that reads a few lists, and appends to some of them.
final class AppendToLists implements Action {
    private static final int LISTS_MAX = 3;

    @Override
    public void run(Session session, SplittableRandom chance) throws InterruptedException {
        var draft = new Draft(session, session.journal().number());
        try (ReadView view = session.db().view()) {
            draft.read(view, chance);
            if (chance.nextInt(3) == 0) session.pause(20);
            if (draft.rows.isEmpty()) {
                draft.inLife = Outcome.COMMITTED;
                draft.end = session.journal().tick();
                if (session.awaitDurable(view.observedSeq(), 2_000))
                    draft.everywhere = Outcome.COMMITTED;
            } else draft.commit(view);
        } catch (Conflict _) {
            session.journal().sometimes("conflict");
            draft.inLife = draft.everywhere = Outcome.ABORTED;
        } finally {
            draft.note();
        }
    }

    /// What the transaction has come to so far.
    private static final class Draft {
        private final Session session;
        private final int id;
        private final long call;
        private final List<Step> steps = new ArrayList<>();
        private final List<Row> rows = new ArrayList<>();
        private long end = Long.MAX_VALUE;
        private Outcome inLife = Outcome.UNKNOWN;
        private Outcome everywhere = Outcome.UNKNOWN;

        Draft(Session session, int id) {
            this.session = session;
            this.id = id;
            call = session.journal().tick();
        }

        void read(ReadView view, SplittableRandom chance) {
            List<String> lists = new ArrayList<>(session.keys().lists());
            for (int left = 1 + chance.nextInt(LISTS_MAX); 0 < left && !lists.isEmpty(); left--) {
                String key = lists.remove(chance.nextInt(lists.size()));
                List<Integer> elements = elements(view.get(Keys.bytes(key)));
                steps.add(new Step.Read(key, elements));
                if (chance.nextBoolean()) append(key, elements);
            }
        }

        private void append(String key, List<Integer> elements) {
            int element = session.journal().element();
            List<Integer> longer = new ArrayList<>(elements);
            longer.add(element);
            steps.add(new Step.Append(key, element));
            rows.add(new Row(key, Value.of(id, Value.ofElements(longer), 0)));
        }

        private static List<Integer> elements(@Nullable Bytes value) {
            return value == null ? List.of() : Value.elements(value.toUtf8());
        }

        void commit(ReadView view) throws InterruptedException {
            try {
                Asked asked = session.writeIfUnchanged(view, id, rows, Map.of());
                inLife = Outcome.COMMITTED;
                end = session.journal().tick();
                if (session.awaitDurable(asked, 5_000)) everywhere = Outcome.COMMITTED;
            } catch (Unavailable noRoom) {
                if (inLife == Outcome.UNKNOWN) inLife = everywhere = Outcome.ABORTED;
                throw noRoom;
            }
        }

        // A transaction that is cut by a kill is noted too: the journal has its writes.
        void note() {
            session.journal()
                    .add(
                            new Journal.TransactionNote(
                                    session.life(),
                                    new Transaction(id, steps, inLife, call, end),
                                    new Transaction(id, steps, everywhere, call, end)));
        }
    }
}
