package dev.holdfast.format.row;

/// The way a cursor walks over keys.
public enum Direction {
    /// Least key first, and of one key the newest row first.
    ASCENDING,
    /// The exact reverse: greatest key first, and of one key the oldest row first.
    DESCENDING
}
