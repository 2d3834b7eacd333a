package dev.holdfast.objectstore.cached;

/// What a read through the cache is for.
enum Manner {
    /// Rows that may be read again.
    DATA,
    /// What many other reads begin with.
    INDEX,
    /// What will not be read again: served from what is there, and nothing more is kept.
    BULK;

    Worth worth() {
        return this == INDEX ? Worth.INDEX : Worth.DATA;
    }
}
