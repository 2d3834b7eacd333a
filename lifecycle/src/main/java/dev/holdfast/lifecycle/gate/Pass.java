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

    /// Hands this pass to a new thread: that is inside in the place of the one that entered, and
    /// the pass is closed when `body` has ended, or at once if the thread cannot be started. Throws
    /// what [Env#start] throws then. The caller must not use the pass afterwards.
    ///
    /// @param doing the name of the thread
    public Thread handTo(Env env, String doing, Runnable body) {
        return gate.handTo(this, env, doing, body);
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
