package dev.holdfast.engine.manifest;

import dev.holdfast.base.Ulid;

/// Is told of each put that may raise the writer's epoch, before it is sent: so that it can be
/// found out later which epochs were one's own, however the put ended.
@FunctionalInterface
public interface TakeOverWitness {
    /// Nobody wants to know.
    TakeOverWitness NOBODY = (_, _) -> {};

    /// Manifest `manifestId` is about to be put under `putId`.
    void about(long manifestId, Ulid putId);
}
