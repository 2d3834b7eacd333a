package dev.holdfast.engine.api;

/// The direction of a scan over keys.
public enum Order {
    /// Least key first.
    ASCENDING,
    /// Greatest key first.
    DESCENDING
}
