package dev.holdfast.lifecycle.wait;

/// What a wait is for.
public enum WaitKind {
    /// A consumer without work. Never a sign of trouble.
    IDLE,
    /// Room in memory or in a queue.
    CAPACITY,
    /// Something to become durable.
    DURABILITY,
    /// An answer of another machine.
    REMOTE,
    /// Another thread to leave a lock.
    LOCK,
    /// The holders of a gate to leave.
    GATE,
    /// A task to end.
    TASK,
    /// Anything else.
    OTHER
}
