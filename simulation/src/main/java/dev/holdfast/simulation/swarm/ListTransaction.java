package dev.holdfast.simulation.swarm;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.simulation.check.Transaction;
import dev.holdfast.simulation.check.Transaction.Outcome;
import dev.holdfast.simulation.check.Transaction.Step;
import dev.holdfast.simulation.check.Write.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A transaction on lists under way. What it has come to can be asked at any moment, for nobody
/// says good-bye when a machine dies.
final class ListTransaction {
    private static final int PATIENCE_MILLIS = 5_000;

    private final Session session;
    private final int id;
    private final long call;
    private final List<Step> steps = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private long end = Long.MAX_VALUE;
    private Outcome inLife = Outcome.UNKNOWN;
    private Outcome everywhere = Outcome.UNKNOWN;

    ListTransaction(Session session) {
        this.session = session;
        id = session.journal().number();
        call = session.journal().tick();
    }

    int life() {
        return session.life();
    }

    /// As its own life told it: a crash may have taken it back.
    Transaction inLife() {
        return new Transaction(id, steps, inLife, call, end);
    }

    /// As it stands for everyone, once it is durable.
    Transaction everywhere() {
        return new Transaction(id, steps, everywhere, call, end);
    }

    /// Reads list `key`, and notes whether it is to be appended to.
    void read(ReadView view, String key, Next next) {
        List<Integer> elements = elements(view.get(Keys.bytes(key)));
        steps.add(new Step.Read(key, elements));
        if (next == Next.LEAVE) return;
        int element = session.journal().element();
        List<Integer> longer = new ArrayList<>(elements);
        longer.add(element);
        steps.add(new Step.Append(key, element));
        rows.add(new Row(key, Value.of(id, Value.ofElements(longer), 0)));
    }

    /// What follows a read.
    enum Next {
        APPEND,
        LEAVE
    }

    private static List<Integer> elements(@Nullable Bytes value) {
        return value == null ? List.of() : Value.elements(value.toUtf8());
    }

    /// Commits what it has, and waits until what it saw and did is durable.
    void commit(ReadView view) throws InterruptedException {
        boolean isDurable;
        if (rows.isEmpty()) {
            succeeded();
            isDurable = session.awaitDurable(view.observedSeq(), PATIENCE_MILLIS);
        } else {
            Asked asked = handedOver(view);
            succeeded();
            isDurable = session.awaitDurable(asked, PATIENCE_MILLIS);
        }
        if (isDurable) everywhere = Outcome.COMMITTED;
    }

    private Asked handedOver(ReadView view) {
        try {
            return session.writeIfUnchanged(view, id, rows, Map.of());
        } catch (Conflict | Unavailable refused) {
            inLife = Outcome.ABORTED;
            everywhere = Outcome.ABORTED;
            throw refused;
        }
    }

    private void succeeded() {
        inLife = Outcome.COMMITTED;
        end = session.journal().tick();
    }
}
