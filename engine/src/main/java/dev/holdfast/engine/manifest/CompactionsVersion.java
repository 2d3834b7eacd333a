package dev.holdfast.engine.manifest;

import dev.holdfast.format.compactions.Compactions;

/// The compactor's state as it lies in the store: under its id.
public record CompactionsVersion(long id, Compactions compactions) {}
