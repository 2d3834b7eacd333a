package dev.holdfast.simulation.swarm.stage;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.simulation.check.Transaction;
import dev.holdfast.simulation.check.Transaction.Outcome;
import dev.holdfast.simulation.check.Transaction.Step;
import dev.holdfast.simulation.check.Write.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A transaction on lists under way. What it has come to can be asked at any moment, for nobody
/// says good-bye when a machine dies.
public final class ListTransaction {
    private static final int PATIENCE_MILLIS = 5_000;

    private final Session session;
    private final int id;
    private final long call;
    private final List<Step> steps = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private long end = Long.MAX_VALUE;
    private Outcome inLife = Outcome.UNKNOWN;
    private Outcome everywhere = Outcome.UNKNOWN;

    public ListTransaction(Session session) {
        this.session = session;
        id = session.journal().number();
        call = session.journal().tick();
    }

    public int life() {
        return session.life();
    }

    /// As its own life told it: a crash may have taken it back.
    public Transaction inLife() {
        return new Transaction(id, steps, inLife, call, end);
    }

    /// As it stands for everyone, once it is durable.
    public Transaction everywhere() {
        return new Transaction(id, steps, everywhere, call, end);
    }

    /// Reads list `key`, and notes whether it is to be appended to.
    public void read(Reads reads, String key, Next next) {
        List<Integer> elements = elements(reads.get(Keys.bytes(key)));
        steps.add(new Step.Read(key, elements));
        if (next == Next.LEAVE) return;
        int element = session.journal().element();
        List<Integer> longer = new ArrayList<>(elements);
        longer.add(element);
        steps.add(new Step.Append(key, element));
        rows.add(new Row(key, Value.of(id, Value.ofElements(longer), 0)));
    }

    /// What follows a read.
    public enum Next {
        APPEND,
        LEAVE
    }

    private static List<Integer> elements(@Nullable Bytes value) {
        return value == null ? List.of() : Value.elements(value.toUtf8());
    }

    /// Commits what it has if nobody has written what it read through `view`, and waits until what
    /// it saw and did is durable.
    public void commit(ReadView view) throws InterruptedException {
        end(view.observedSeq(), () -> session.writeIfUnchanged(view, id, rows, Map.of()));
    }

    /// Commits what it has through `transaction`, by which it has read, and waits likewise.
    public void commit(dev.holdfast.engine.api.Transaction transaction)
            throws InterruptedException {
        end(transaction.seq(), () -> session.commit(transaction, id, rows, Map.of()));
    }

    private void end(long seen, Supplier<Asked> writing) throws InterruptedException {
        boolean isDurable;
        if (rows.isEmpty()) {
            succeeded();
            isDurable = session.awaitDurable(seen, PATIENCE_MILLIS);
        } else {
            Asked asked = handedOver(writing);
            succeeded();
            isDurable = session.awaitDurable(asked, PATIENCE_MILLIS);
        }
        if (isDurable) everywhere = Outcome.COMMITTED;
    }

    private Asked handedOver(Supplier<Asked> writing) {
        try {
            return writing.get();
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
