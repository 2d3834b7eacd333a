package dev.holdfast.engine.table;

/// How far a lookup may go.
public enum Reach {
    /// No further than what is in memory: it waits for nothing.
    MEMORY,
    /// To the store.
    STORE
}
