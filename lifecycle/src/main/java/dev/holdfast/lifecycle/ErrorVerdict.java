package dev.holdfast.lifecycle;

import dev.holdfast.lifecycle.wait.Certainty;

/// The one judgement of an error that logs, breakers, metrics and replies to clients read.
public record ErrorVerdict(Severity severity, Certainty certainty) {
    /// What an error means to those who watch, in the order of how loud it is.
    public enum Severity {
        /// The kernel's own stop, of this scope and epoch: nothing went wrong.
        EXPECTED_STOP,
        /// Something went wrong while a stop was under way, but not by the stop.
        COINCIDENT,
        /// Something went wrong.
        REAL,
        /// Stored bytes are not what they claim to be. Loud in every state.
        CORRUPTION
    }

    /// True if breakers and error counters should count it: the stop's own errors never count.
    public boolean counts() {
        return severity != Severity.EXPECTED_STOP;
    }
}
