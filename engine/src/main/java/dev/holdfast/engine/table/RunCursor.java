package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.iter.ForwardingCursor;

/// Walks the rows of a sorted run either way, table by table, each opened when it is come to.
final class RunCursor extends ForwardingCursor {
    private final RunReader run;
    private final KeyRange range;
    private final Order order;
    private final WalkPlan plan;
    private int number;
    private boolean isAtEnd;

    RunCursor(RunReader run, KeyRange range, Order order, WalkPlan plan) {
        this.run = run;
        this.range = range;
        this.order = order;
        this.plan = plan;
        this.number = order == Order.ASCENDING ? -1 : run.tables().size();
    }

    @Override
    public boolean next() {
        while (!isAtEnd) {
            if (current().next()) return true;
            toTable(number + step());
            warmNext();
        }
        return false;
    }

    private int step() {
        return order == Order.ASCENDING ? 1 : -1;
    }

    // A walk that goes from table to table is a long one: the next one's index is fetched
    // meanwhile.
    private void warmNext() {
        int next = number + step();
        if (next < 0 || run.tables().size() <= next) return;
        SstReader table = run.tables().get(next);
        if (table.overlaps(range)) table.warm(range, order, plan);
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        Bytes target = Bytes.wrap(key, offset, length);
        toTable(order == Order.ASCENDING ? run.firstTableFor(target) : run.lastTableFor(target));
        if (!isAtEnd) current().seek(key, offset, length);
    }

    // All rows of a key lie in one table of a run.
    @Override
    public void seekBeyond(byte[] key, int offset, int length) {
        Bytes target = Bytes.wrap(key, offset, length);
        toTable(order == Order.ASCENDING ? run.firstTableFor(target) : run.lastTableFor(target));
        if (!isAtEnd) current().seekBeyond(key, offset, length);
    }

    private void toTable(int next) {
        boolean isSame = next == number && !isAtEnd;
        number = next;
        isAtEnd = next < 0 || run.tables().size() <= next || isBeyond(next);
        if (isSame) return;
        current().close();
        if (!isAtEnd) setCurrent(run.tables().get(next).cursor(range, order, plan));
    }

    // Where filters are asked, a table that has nothing is passed over: what comes behind it may
    // lie
    // beyond the range, and need not be looked at.
    private boolean isBeyond(int table) {
        if (plan.prefix().isEmpty()) return false;
        Bytes far = order == Order.ASCENDING ? range.end() : range.start();
        if (far == null) return false;
        SstReader there = run.tables().get(table);
        return order == Order.ASCENDING
                ? far.compareTo(there.firstKey()) <= 0
                : there.lastKey().compareTo(far) < 0;
    }

    @Override
    public void close() {
        isAtEnd = true;
        current().close();
    }
}
