package dev.holdfast.engine.manifest;

/// What a manifest says of the rows that a flush moved from memory into a table.
///
/// @param lastSeq the newest commit among them
/// @param lastTickMillis the newest time of creation among them and all before
/// @param snapshotMinSeq the oldest commit that an open view needs
/// @param flushedAtMillis the wall clock
public record FlushedRows(
        long lastSeq, long lastTickMillis, long snapshotMinSeq, long flushedAtMillis) {}
