package dev.holdfast.engine.api.upkeep;

import java.time.Duration;
import java.util.List;

/// Databases made of others in the same store, without copying their tables.
///
/// ```java
/// Clones clones = Engine.clones(store);
/// clones.create("experiment", List.of(CloneSource.of("production")));
/// clones.detach("experiment", Clones.GRACE);
/// clones.drop("experiment", DropRules.defaults());
/// ```
///
/// Every step may die anywhere and be repeated unchanged. Thread-safe.
public interface Clones {
    /// How long a database keeps what a detached clone has copied: whoever reads the clone moves on
    /// meanwhile.
    Duration GRACE = Duration.ofMinutes(15);

    /// Makes the database at `path` of `sources`, whose keys do not overlap: a clone of one, or the
    /// union of several. One that is there and was made of the same sources is left as it is; a
    /// call that was cut short is gone on with.
    ///
    /// Throws `Invalid` if a source or its checkpoint is not there or cannot be cloned, `Conflict`
    /// if something else is at `path`.
    CloneReport create(String path, List<CloneSource> sources);

    /// Makes the clone at `path` stand on its own: copies the tables that it shares, then has the
    /// others keep them for `grace` only. Readers and a writer of the clone may go on meanwhile.
    DetachReport detach(String path, Duration grace);

    /// Removes the database at `path` with all of its objects, and gives up what others keep for
    /// it. Nobody may have it open. From the first step on it cannot be opened any more; a call
    /// that was cut short is gone on with by the next.
    ///
    /// Throws `Conflict` if checkpoints need it and the rules say to refuse, `Invalid` if there is
    /// nothing.
    DropReport drop(String path, DropRules rules);
}
