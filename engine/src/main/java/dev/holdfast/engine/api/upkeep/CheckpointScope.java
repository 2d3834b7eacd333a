package dev.holdfast.engine.api.upkeep;

/// Which commits of an open database a checkpoint takes in.
///
/// ```java
/// var hour = CheckpointOptions.lasting(Duration.ofHours(1));
/// database.checkpoint(CheckpointScope.ALL, hour);            // with what only the log has
/// ```
public enum CheckpointScope {
    /// All that were committed before the call: it waits until they are in the object store.
    ALL,
    /// Those that are in the object store already.
    DURABLE
}
