package dev.holdfast.engine.write;

import dev.holdfast.engine.memory.Relief;
import dev.holdfast.engine.view.ViewHolder;

/// How a database that is written makes room in the memory shared with others: its flusher freezes
/// what is active.
record FreezingRelief(Backlog backlog, ViewHolder views, MemtableFlusher flusher)
        implements Relief {
    @Override
    public long idleBytes() {
        return flusher.isAskedToFreeze() ? 0 : views.current().active().bytes();
    }

    @Override
    public long leavingBytes() {
        return Math.max(0, backlog.bytes() - idleBytes());
    }

    @Override
    public void ask() {
        flusher.askToFreeze();
    }

    @Override
    public void wake() {
        backlog.changed();
    }
}
