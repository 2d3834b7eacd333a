package dev.holdfast.simulation.transact;

import dev.holdfast.engine.api.Durability;
import dev.holdfast.simulation.check.Transaction;
import dev.holdfast.simulation.check.Transaction.Outcome;
import dev.holdfast.simulation.check.Transaction.Step;
import java.util.ArrayList;
import java.util.List;

/// One transaction as its client notes it: what it has come to can be asked at any moment, for
/// nobody says good-bye when a process dies.
public final class Noted {
    private final int id;
    private final long call;
    private final List<Step> steps = new ArrayList<>();
    private long end = Long.MAX_VALUE;
    private Outcome inLife = Outcome.UNKNOWN;
    private Outcome everywhere = Outcome.UNKNOWN;

    /// @param call when it began, in any unit of time that only rises
    public Noted(int id, long call) {
        this.id = id;
        this.call = call;
    }

    void add(Step step) {
        steps.add(step);
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    void committed(long now, Durability reached) {
        end = now;
        inLife = Outcome.COMMITTED;
        if (reached == Durability.REMOTE) everywhere = Outcome.COMMITTED;
    }

    void aborted() {
        inLife = Outcome.ABORTED;
        everywhere = Outcome.ABORTED;
    }

    /// As the life of the database that it ran in told it: a crash may have taken it back.
    public Transaction inLife() {
        return new Transaction(id, steps, inLife, call, end);
    }

    /// As it stands for whoever comes after that life, once it is durable.
    public Transaction everywhere() {
        return new Transaction(id, steps, everywhere, call, end);
    }
}
