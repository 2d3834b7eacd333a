package dev.holdfast.format.sst;

/// What a table is for; the ordinal is the number in the file.
public enum SstKind {
    /// Rows in key order: L0 and sorted runs.
    COMPACTED,
    /// Rows in the order of their writing: the write-ahead log.
    WAL
}
