package dev.holdfast.redis;

import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.ScopeView;
import org.jspecify.annotations.Nullable;

/// What SHUTDOWN and `INFO shutdown` reach for: the life of everything that the server is part of.
public interface StopControl {
    /// Asks for a stop, and returns at once.
    void stop(Mode mode, String reason);

    /// Asks for a stop that may be refused, and returns at once.
    default void stopUnlessRefused(Mode mode, String reason) {
        stop(mode, reason);
    }

    /// True while a stop is under way that nobody insists on.
    default boolean isRefusable() {
        return false;
    }

    /// Takes a stop back because it could not end clean. False if somebody insists on it, if it has
    /// gone too far, or if none is under way.
    ///
    /// @param why in a few words, for the log
    default boolean refuse(String why) {
        return false;
    }

    /// Takes a stop back. False if none is under way, or if it has gone too far.
    boolean resume();

    /// How the whole stands; null where there is nothing around the server.
    default @Nullable ScopeView view() {
        return null;
    }

    /// How the run before this one ended; null if that is not known.
    default @Nullable LastStop lastStop() {
        return null;
    }

    /// The end of a run.
    ///
    /// @param exitCode -1 if it left no report: it was killed, or ended at once
    /// @param millis how long the stop took; 0 if it left no report
    record LastStop(int exitCode, long millis, Proof proof) {}

    /// Whether a run left the proof of a clean stop.
    enum Proof {
        CLEAN,
        NONE
    }
}
