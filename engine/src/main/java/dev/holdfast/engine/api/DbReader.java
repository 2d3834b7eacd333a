package dev.holdfast.engine.api;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A database opened to look at, beside whoever writes it: it fences nobody and writes no row.
///
/// It shows what is durable in the store: tables and the log behind them, at one moment. How that
/// moment moves on is said by [ReaderSettings]; it never moves back. Thread-safe.
///
/// ```java
/// try (DbReader reader = Engine.openReader("s3://bucket/db", ReaderSettings.latest())) {
///     reader.get(Bytes.utf8("fruit/apple"));                     // as of the newest moment shown
///     try (ReadView view = reader.view()) {                      // one moment, while it is held
///         view.get(Bytes.utf8("fruit/pear"));
///         try (Scan fruits = view.scan(KeyRange.prefix(Bytes.utf8("fruit/")))) { ... }
///     }
///     reader.status().age();                                     // how old it may be at most
/// }
/// ```
///
/// Beyond what [Reads] says: `Unavailable` where what is shown is older than
/// [ReaderSettings#stalenessMax], `Conflict` where a view or a scan met a table that was replaced
/// and collected meanwhile (take a new view), `Closed` with the reason `EXPIRED` where the
/// checkpoint that it reads from has ended.
public interface DbReader extends Reads, AutoCloseable {
    /// What the reader shows now, to be looked at for longer.
    ReadView view();

    /// What is shown, and how old it may be. Asks the store nothing.
    Status status();

    /// Waits until everything up to commit `seq` is shown, at most `timeout`: `Unavailable` when
    /// the time is up, at once where the moment shown never moves.
    void awaitSeq(long seq, Duration timeout) throws InterruptedException;

    @Override
    void close();

    /// What a reader shows at one moment.
    ///
    /// @param manifestId the manifest whose tables are shown
    /// @param lastWalId the last log object that is shown, or that is in those tables
    /// @param seq the last commit that is shown
    /// @param age everything that was durable so long ago is shown
    /// @param tailBytes what the log behind the tables takes in memory
    /// @param looks at the store since it was opened
    /// @param failedLooks those of them that came to nothing
    /// @param isBehind true if memory did not suffice for the end of the log
    /// @param checkpoint what keeps collectors from the tables; null if nothing does
    /// @param trouble why the last look failed; null if it did not
    record Status(
            long manifestId,
            long lastWalId,
            long seq,
            Duration age,
            long tailBytes,
            long looks,
            long failedLooks,
            boolean isBehind,
            @Nullable UUID checkpoint,
            @Nullable String trouble) {}
}
