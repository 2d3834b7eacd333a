package dev.holdfast.simulation.swarm.stage;

import dev.holdfast.simulation.check.Register;
import dev.holdfast.simulation.check.Register.Request;
import dev.holdfast.simulation.check.Wgl.Operation;
import dev.holdfast.simulation.check.Write;
import dev.holdfast.simulation.check.Write.Fate;
import dev.holdfast.simulation.check.Write.Row;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A write under way: handed over, and told more and more.
public final class Asked {
    private final int id;
    private final int life;
    private final long call;
    private final List<Row> rows;
    private final Map<String, String> expected;
    private Fate fate = Fate.UNKNOWN;
    private long seq = Write.UNKNOWN_SEQ;
    private long end = Write.NEVER;
    private long durable = Write.NEVER;

    /// @param expected what registers must hold for it to be carried out
    public Asked(int id, int life, long call, List<Row> rows, Map<String, String> expected) {
        this.id = id;
        this.life = life;
        this.call = call;
        this.rows = rows;
        this.expected = expected;
    }

    public int life() {
        return life;
    }

    public boolean isAcknowledged() {
        return fate == Fate.ACKNOWLEDGED;
    }

    public void acknowledge(long number, long now) {
        fate = Fate.ACKNOWLEDGED;
        seq = number;
        end = now;
    }

    public void refuse() {
        fate = Fate.REFUSED;
    }

    public void becomeDurable(long now) {
        if (durable == Write.NEVER) durable = now;
    }

    public long seq() {
        return seq;
    }

    public Write toWrite() {
        return new Write(id, life, rows, fate, seq, call, end, durable);
    }

    /// What it asked of each register; nothing if it was refused.
    public void addTo(Register.Histories histories) {
        if (fate == Fate.REFUSED) return;
        String answer = isAcknowledged() ? Register.DONE : null;
        for (Row row : rows) {
            if (!Keys.isRegister(row.key())) continue;
            histories.add(row.key(), new Operation<>(requestOf(row), answer, call, end));
        }
    }

    private Request requestOf(Row row) {
        String value = Objects.requireNonNullElse(row.value(), Register.ABSENT);
        @Nullable String basis = expected.get(row.key());
        return basis == null ? new Request.Put(value) : new Request.Compare(basis, value);
    }

    @Override
    public String toString() {
        return "write " + id + (isAcknowledged() ? " (" + seq + ")" : "");
    }
}
