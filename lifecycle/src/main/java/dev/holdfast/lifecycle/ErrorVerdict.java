package dev.holdfast.lifecycle;

import dev.holdfast.lifecycle.wait.Certainty;

/// The one judgement of an error that logs, breakers, metrics and replies to clients read.
public record ErrorVerdict(Severity severity, Certainty certainty) {
    /// True if breakers and error counters should count it: the stop's own errors never count.
    public boolean counts() {
        return severity != Severity.EXPECTED_STOP;
    }
}
