package dev.holdfast.engine.api;

/// A last word on a batch, called in commit order, once for each batch that commits.
///
/// Runs inside the commit order: it must be quick, must not block and must not call the database.
/// If it throws, the batch is not committed.
///
/// ```java
/// CommitHook numbered = last -> last.put(Bytes.utf8("last"), value);
/// long seq = db.writeIfUnchanged(view, batch, numbered);
/// ```
@FunctionalInterface
public interface CommitHook {
    /// Adds to `batch` what depends on the order of commits, such as a running count.
    void beforeCommit(WriteBatch batch);
}
