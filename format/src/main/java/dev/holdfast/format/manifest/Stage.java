package dev.holdfast.format.manifest;

/// How far a database has come into being.
public enum Stage {
    /// A clone whose parents do not yet keep for it what it reads of them.
    CLONING,
    /// Whole: it may be opened.
    READY
}
