package dev.holdfast.lifecycle.wait;

/// How a wait ended. Every caller must think of all four.
public enum WaitResult {
    /// What was waited for holds.
    SATISFIED,
    /// The deadline passed.
    EXPIRED,
    /// The token was cancelled.
    CANCELLED,
    /// Whoever should have woken this wait has ended; it would never come true.
    WAKER_GONE
}
