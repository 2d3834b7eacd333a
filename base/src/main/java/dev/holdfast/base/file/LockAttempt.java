package dev.holdfast.base.file;

/// How an attempt to hold a file alone ended.
public sealed interface LockAttempt {
    /// This process holds it now.
    record Taken(DiskLock lock) implements LockAttempt {}

    /// Another holds it, or this process does already; `holder` is what the holder left in the
    /// file, for a message and not for a decision.
    record Held(String holder) implements LockAttempt {}
}
