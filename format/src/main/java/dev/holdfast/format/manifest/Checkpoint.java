package dev.holdfast.format.manifest;

import static dev.holdfast.base.Checks.require;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A promise that what manifest `manifestId` names stays readable.
///
/// @param expireSeconds when it ends, in seconds since the Unix epoch; 0 for never
/// @param createSeconds when it was made, in seconds since the Unix epoch
public record Checkpoint(
        UUID id, long manifestId, long expireSeconds, long createSeconds, @Nullable String name) {
    public Checkpoint {
        require(0 <= manifestId, "manifestId=%d", manifestId);
        require(0 <= expireSeconds && expireSeconds <= 0xffffffffL, "expiry=%d", expireSeconds);
        require(0 <= createSeconds && createSeconds <= 0xffffffffL, "created=%d", createSeconds);
    }
}
