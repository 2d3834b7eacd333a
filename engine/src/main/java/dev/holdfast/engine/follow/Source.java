package dev.holdfast.engine.follow;

import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.lifecycle.Component;
import java.time.Duration;

/// Where a reader has its moments from. Thread-safe.
public sealed interface Source extends Component permits Following, Pinned {
    /// The moment to read from now. Throws if there is none that may be shown.
    Moment current();

    /// What to tell one who met, at `shown`, a table that is not there: `Conflict` if a later
    /// moment does not need it any more.
    StorageException explain(Moment shown, CorruptData missing) throws InterruptedException;

    /// Waits until everything up to commit `seq` is shown.
    void awaitSeq(long seq, Duration timeout) throws InterruptedException;

    /// What is shown.
    DbReader.Status status();

    /// Gives back what it holds, once nobody reads any more.
    void release();
}
