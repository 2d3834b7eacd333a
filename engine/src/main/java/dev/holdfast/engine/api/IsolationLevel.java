package dev.holdfast.engine.api;

/// What a [Transaction] may not have missed when it commits.
///
/// Every transaction reads the database as it stood when it began, and its own writes.
///
/// ```java
/// try (Transaction transaction = db.begin(IsolationLevel.SERIALIZABLE)) {
///     Bytes stock = transaction.get(key);
///     if (stock == null) transaction.put(key, value);
///     transaction.commit();
/// }
/// ```
public enum IsolationLevel {
    /// Refused if a key that it wrote was written by another commit since it began: the first
    /// committer wins. Two transactions that each read what the other writes may both commit (write
    /// skew).
    SNAPSHOT,
    /// Refused also if a key or a range that it read was written since it began. What commits is as
    /// if transactions had run one after another, in the order of their numbers.
    SERIALIZABLE
}
