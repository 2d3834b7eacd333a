package dev.holdfast.engine.wal;

/// A commit whose writer already waits for its durability, while another thread decides it.
///
/// Thread-safe; never blocks.
public interface PendingCommit {
    /// Its number once it was committed; 0 before, and if it was not.
    long committedSeq();

    /// True if its writer has something to do for it other than to wait.
    boolean isForItsWriter();
}
