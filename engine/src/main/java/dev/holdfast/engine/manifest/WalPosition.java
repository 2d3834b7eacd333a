package dev.holdfast.engine.manifest;

/// Two marks in the log, as log object ids: everything up to `replayAfter` is in tables too, and
/// `lastSeen` is the last object that is durable.
///
/// Invariant: `replayAfter <= lastSeen`.
public record WalPosition(long replayAfter, long lastSeen) {
    public WalPosition {
        if (lastSeen < replayAfter)
            throw new AssertionError("replayAfter " + replayAfter + " beyond " + lastSeen);
    }
}
