package dev.holdfast.simulation.planted;

import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.State;

/// A planted bug: state and token are two fields, the state is set first. What the kernel's one
/// word makes impossible.
final class TwoWords {
    private volatile State state = State.RUNNING;
    private volatile Level level = Level.NONE;

    void drain() {
        state = State.DRAINING;
        level = Level.DRAIN;
    }

    State state() {
        return state;
    }

    Level level() {
        return level;
    }
}
