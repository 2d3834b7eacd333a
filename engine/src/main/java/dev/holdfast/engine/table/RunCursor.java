package dev.holdfast.engine.table;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;

/// Walks the rows of a sorted run either way, table by table, each opened when it is come to.
final class RunCursor extends ForwardingCursor {
    private final RunReader run;
    private final KeyRange range;
    private final Order order;
    private int number;
    private boolean isAtEnd;

    RunCursor(RunReader run, KeyRange range, Order order) {
        this.run = run;
        this.range = range;
        this.order = order;
        this.number = order == Order.ASCENDING ? -1 : run.tables().size();
    }

    @Override
    public boolean next() {
        while (!isAtEnd) {
            if (current().next()) return true;
            toTable(order == Order.ASCENDING ? number + 1 : number - 1);
        }
        return false;
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        Bytes target = Bytes.wrap(key, offset, length);
        toTable(order == Order.ASCENDING ? run.firstTableFor(target) : run.lastTableFor(target));
        if (!isAtEnd) current().seek(key, offset, length);
    }

    private void toTable(int next) {
        boolean isSame = next == number && !isAtEnd;
        number = next;
        isAtEnd = next < 0 || run.tables().size() <= next;
        if (!isAtEnd && !isSame) setCurrent(run.tables().get(next).cursor(range, order));
    }

    @Override
    public void close() {
        isAtEnd = true;
    }
}
