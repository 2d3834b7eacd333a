package dev.holdfast.engine.api;

/// The direction of a scan over keys.
///
/// ```java
/// try (Scan newest = db.scan(KeyRange.prefix(Bytes.utf8("log/")), Order.DESCENDING)) {
///     if (newest.next()) System.out.println(newest.key());
/// }
/// ```
public enum Order {
    /// Least key first.
    ASCENDING,
    /// Greatest key first.
    DESCENDING
}
