package dev.holdfast.lifecycle.wait;

/// Where a scope or a component stands in its life.
///
/// ```
/// NEW -> STARTING -> RUNNING -> DRAINING -> QUIESCING -> PERSISTING -> RELEASING -> STOPPED
///            |          ^____________|                                      |
///            +--> FAILED       (resume, under a new epoch)                  +--> ABANDONED
/// ```
///
/// Any state may step forward to a later one; only DRAINING steps back, by a resume.
public enum State {
    NEW,
    STARTING,
    RUNNING,
    DRAINING,
    QUIESCING,
    PERSISTING,
    RELEASING,
    /// Ended, and everything it held was released.
    STOPPED,
    /// Ended by an error of its own.
    FAILED,
    /// Did not end in time; what it requires is never released.
    ABANDONED;

    /// True from the first moment of a stop on.
    public boolean isStopping() {
        return DRAINING.ordinal() <= ordinal();
    }

    /// True if nothing follows.
    public boolean isFinal() {
        return STOPPED.ordinal() <= ordinal();
    }
}
