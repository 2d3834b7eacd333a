package dev.holdfast.engine.memory;

/// What memory is held for, other than decoded blocks.
public enum MemoryUse {
    /// Rows that are not in tables yet, and what is set aside for batches about to be applied.
    MEMTABLES,
    /// Log objects that are being filled or put.
    LOG,
    /// Memtables encoded as tables, until they are put.
    FLUSH,
    /// Tables that a compaction writes.
    COMPACTION,
    /// What scans and compactions have fetched ahead.
    READ_AHEAD
}
