package dev.holdfast.lifecycle.matrix;

import dev.holdfast.lifecycle.Phase;
import org.jspecify.annotations.Nullable;

/// Where the culprit misbehaves, and the signals find it.
enum Moment {
    /// In main, before there is a scope.
    BUILDING,
    /// In the start of the first component.
    FIRST_START,
    /// In the start of a component, when others run already.
    MID_START,
    /// In a task, while the scope runs.
    RUNNING,
    ANNOUNCE(Phase.ANNOUNCE),
    REJECT(Phase.REJECT),
    DRAIN(Phase.DRAIN),
    QUIESCE(Phase.QUIESCE),
    PERSIST(Phase.PERSIST),
    HANDOFF(Phase.HANDOFF),
    RELEASE(Phase.RELEASE);

    private final @Nullable Phase phase;

    Moment() {
        phase = null;
    }

    Moment(Phase phase) {
        this.phase = phase;
    }

    /// The phase of a stop that was asked for already; null if none was.
    @Nullable Phase phase() {
        return phase;
    }

    boolean isStart() {
        return this == FIRST_START || this == MID_START;
    }
}
