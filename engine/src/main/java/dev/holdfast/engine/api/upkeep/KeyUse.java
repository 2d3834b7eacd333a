package dev.holdfast.engine.api.upkeep;

/// What is stored under one key: once nothing is, nobody needs that key any more.
///
/// ```java
/// for (KeyUse use : builder.keysInUse())
///     System.out.println("key " + use.keyId() + ": " + use.tables() + " tables");
/// ```
///
/// @param keyId the number of the key; 0 for what is in clear
/// @param tables of the newest manifest
/// @param tableBytes about how large they are
/// @param logs objects of the log that a recovery would read
/// @param kept tables and log objects that only checkpoints need, and no longer than these last
public record KeyUse(int keyId, long tables, long tableBytes, long logs, long kept) {
    /// The same with that of `other` added.
    public KeyUse plus(KeyUse other) {
        return new KeyUse(
                keyId,
                tables + other.tables,
                tableBytes + other.tableBytes,
                logs + other.logs,
                kept + other.kept);
    }
}
