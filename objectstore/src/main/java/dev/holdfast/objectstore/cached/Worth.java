package dev.holdfast.objectstore.cached;

/// What a part is worth when another has to go.
enum Worth {
    /// Rows.
    DATA,
    /// What every read of a table begins with: its index, its filter. Goes after rows.
    INDEX
}
