package dev.holdfast.base.file;

/// A file held alone. The machine lets go of it when the process ends, however it ends.
public interface DiskLock extends AutoCloseable {
    /// Lets go. Idempotent.
    @Override
    void close() throws DiskException;
}
