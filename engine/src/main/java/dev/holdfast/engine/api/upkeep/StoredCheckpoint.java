package dev.holdfast.engine.api.upkeep;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A checkpoint as the database's manifest has it: the promise that one moment stays readable.
///
/// ```java
/// for (StoredCheckpoint each : Engine.checkpoints(store, "db").list())
///     System.out.println(each.id() + " " + each.name());
/// ```
///
/// @param manifestId the manifest that describes the moment
/// @param createSeconds when it was made, in seconds since the Unix epoch
/// @param expireSeconds when it ends, likewise; 0 for never
public record StoredCheckpoint(
        UUID id, @Nullable String name, long manifestId, long createSeconds, long expireSeconds) {

    /// True if it has ended by `nowMillis`: it can be removed at any time.
    public boolean hasEndedAt(long nowMillis) {
        return expireSeconds != 0 && expireSeconds * 1000 <= nowMillis;
    }
}
