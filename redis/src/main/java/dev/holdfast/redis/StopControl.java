package dev.holdfast.redis;

import dev.holdfast.lifecycle.Mode;

/// What the SHUTDOWN command reaches for: the stop of everything that the server is part of.
public interface StopControl {
    /// Asks for a stop, and returns at once.
    void stop(Mode mode, String reason);

    /// Takes a stop back. False if none is under way, or if it has gone too far.
    boolean resume();
}
