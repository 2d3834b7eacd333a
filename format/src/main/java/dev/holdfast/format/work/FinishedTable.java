package dev.holdfast.format.work;

import dev.holdfast.format.manifest.SstHandle;

/// A table that a worker says it has written: what it is, and what rows it was meant to hold.
///
/// @param rows how many
/// @param digest of those rows in order
public record FinishedTable(SstHandle table, long rows, long digest) {}
