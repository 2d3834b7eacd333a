package dev.holdfast.engine.view;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/// The current view: replaced as a whole by the write side, taken by every read. Thread-safe.
public final class ViewHolder {
    private final AtomicReference<LsmView> view;

    public ViewHolder(LsmView first) {
        view = new AtomicReference<>(first);
    }

    /// The view of this moment.
    public LsmView current() {
        return view.getAcquire();
    }

    /// Puts `change` of the current view in its place, and returns it. `change` may be called more
    /// than once, so it does nothing but compute.
    public LsmView update(UnaryOperator<LsmView> change) {
        return view.updateAndGet(change);
    }
}
