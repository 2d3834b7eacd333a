package dev.holdfast.engine;

import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CheckpointScope;
import dev.holdfast.engine.api.upkeep.SeqTimes;
import dev.holdfast.engine.api.upkeep.StoredCheckpoint;
import dev.holdfast.engine.local.DatabaseOwner;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ShutdownReport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A [Db] that can be stopped as one wants it stopped, and says how that went.
///
/// ```java
/// HoldfastDb opened = Engine.open("s3://bucket/db", Settings.defaults());
/// ShutdownReport report = opened.shutdown(Mode.SMART, Duration.ofSeconds(30));
/// System.out.println(report.toPage());
/// ```
public interface HoldfastDb extends Db {
    /// The scope that the database runs in: already started, to be nested in that of a service. The
    /// stop of the service is then the stop of the database too.
    Scope scope();

    /// The memory that it shares with others.
    EngineMemory memory();

    /// The local log as it is now; null for a database that has none.
    @Nullable LocalStatus local();

    /// What it has told other nodes of itself; null for a database that has no local log, and took
    /// over from none.
    @Nullable DatabaseOwner owner();

    /// When which commit was written, as far as the newest manifest that was seen remembers.
    SeqTimes seqTimes();

    /// Makes a checkpoint of the commits that `scope` says, and returns it once it is in the
    /// manifest: then its moment stays readable until it ends.
    ///
    /// Throws `Unavailable` if the outcome is not known in time: with an id of the caller's the
    /// call may be repeated. `options` may name another checkpoint as the source; then `scope`
    /// means nothing.
    StoredCheckpoint checkpoint(CheckpointScope scope, CheckpointOptions options);

    /// Stops in order, within `budget`: calls under way end, what was committed becomes durable and
    /// is published. A second call joins the first and returns the same report.
    ShutdownReport shutdown(Mode mode, Duration budget);
}
