package dev.holdfast.objectstore.local;

/// How an attempt to lock a directory ended.
public sealed interface LockResult {
    /// This process holds the lock now. Close it to let go.
    record Acquired(DirectoryLock lock) implements LockResult {}

    /// Another holds it; `holder` says who, as it wrote itself down.
    record HeldBy(String holder) implements LockResult {}
}
