package dev.holdfast.lifecycle.gate;

import dev.holdfast.base.Env;

/// The right to be inside a [Gate], from `enter` until `close`.
///
/// Closing twice is the same as closing once, also long after someone else took the place. Any
/// thread may close it.
public final class Pass implements AutoCloseable {
    private final Gate gate;
    private final Place place;
    private final long stay;

    Pass(Gate gate, Place place, long stay) {
        this.gate = gate;
        this.place = place;
        this.stay = stay;
    }

    /// Starts a thread that is inside as well, also while the gate is closed: whoever is inside may
    /// bring others. Throws [IllegalStateException] if this pass is closed.
    public Thread fork(Env env, String doing, Runnable body) {
        return gate.fork(this, env, doing, body);
    }

    /// Starts a thread that is inside with this pass, in the place of the one that entered: it
    /// closes it at its end. Closed at once if the thread cannot be started.
    ///
    /// @param thread the name of the thread
    public Thread handTo(Env env, String thread, Runnable body) {
        return gate.handTo(this, env, thread, body);
    }

    /// True until it is closed.
    public boolean isOpen() {
        return place.isHeld(stay);
    }

    void moveTo(Thread holder) {
        place.moveTo(holder);
    }

    @Override
    public void close() {
        gate.leave(place, stay);
    }
}
