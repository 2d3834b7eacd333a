package dev.holdfast.engine.api;

/// How far commits have come, as sequence numbers: `applied >= local >= remote`. Each only rises.
///
/// `local` equals `remote` where there is no local log.
///
/// ```java
/// Watermarks now = db.watermarks();
/// long atRisk = now.applied() - now.remote();                // commits that the store lacks
/// ```
public record Watermarks(long applied, long local, long remote) {
    /// The mark of one level.
    public long of(Durability level) {
        return switch (level) {
            case MEMORY -> applied;
            case LOCAL -> local;
            case REMOTE -> remote;
        };
    }
}
