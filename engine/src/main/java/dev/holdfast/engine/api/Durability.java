package dev.holdfast.engine.api;

/// How safe a write is, in rising order. What a crash loses is always a suffix of the commit order.
///
/// ```java
/// db.write(batch, Durability.MEMORY);                        // quick: a crash may lose the end
/// db.write(batch, Durability.REMOTE);                        // in the object store
/// ```
public enum Durability {
    /// Applied: visible to reads, gone with the process.
    MEMORY,
    /// Fsynced on this machine: survives a kill and a power cut, not the loss of the disk.
    LOCAL,
    /// In the object store: survives the loss of every machine.
    REMOTE
}
