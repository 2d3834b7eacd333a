package dev.holdfast.engine.api.upkeep;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The checkpoints of one database, worked on through its store alone: whoever writes it need not
/// run, and is not disturbed if it does.
///
/// Every call throws `Invalid` if there is no database, `Unavailable` if the outcome is not known
/// in time: it may be repeated unchanged. Thread-safe.
///
/// ```java
/// Checkpoints checkpoints = Engine.checkpoints(store, "db");
/// StoredCheckpoint made = checkpoints.create(CheckpointOptions.lasting(Duration.ofHours(1)));
/// checkpoints.refresh(made.id(), Duration.ofHours(2));
/// checkpoints.delete(made.id());
/// ```
public interface Checkpoints {
    /// Makes a checkpoint of all that is in the store now, or of another checkpoint's moment. One
    /// that is there under the same id is returned as it is. Throws `Invalid` if the source is not
    /// there, or if the database is in a form that can only be read here.
    StoredCheckpoint create(CheckpointOptions options);

    /// Has checkpoint `id` end `lifetime` from now, or never if that is null. Throws `Invalid` if
    /// it is not there.
    StoredCheckpoint refresh(UUID id, @Nullable Duration lifetime);

    /// All that are there, those among them that have ended and were not removed yet.
    List<StoredCheckpoint> list();

    /// Takes checkpoint `id` away; false if it was not there. Throws `Conflict` if a clone lives on
    /// it: detach or drop that first.
    boolean delete(UUID id);
}
