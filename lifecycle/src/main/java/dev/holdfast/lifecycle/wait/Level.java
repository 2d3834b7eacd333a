package dev.holdfast.lifecycle.wait;

/// How urgently work is asked to end.
public enum Level {
    /// Go on.
    NONE,
    /// Take no new work and reach a safe point; flushing goes on.
    DRAIN,
    /// Give up now.
    ABORT;

    /// True if this asks for at least as much as `other`.
    public boolean isAtLeast(Level other) {
        return other.ordinal() <= ordinal();
    }

    /// The more urgent of the two.
    public Level max(Level other) {
        return isAtLeast(other) ? this : other;
    }
}
