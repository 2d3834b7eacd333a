package dev.holdfast.engine.api.upkeep;

import dev.holdfast.base.Bytes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The objects of a database's log, one by one as they lie in the store: for whoever looks after a
/// database. Who wants its commits reads a `ChangeStream`, which misses none and repeats none.
///
/// Writes nothing, fences nobody, keeps nothing: an object may be collected between two calls.
/// Thread-safe.
///
/// ```java
/// WalReader log = Engine.walReader(store, "db");
/// for (WalReader.WalFile file : log.list(1, 1000))
///     for (WalReader.Entry entry : log.rows(file.id())) { ... }
/// ```
public interface WalReader {
    /// At most `limit` (1 to 10,000) of the objects from id `from` on, by rising id.
    List<WalFile> list(long from, int limit);

    /// The object `id`; null if it is not there.
    @Nullable WalFile get(long id);

    /// The rows of object `id` in the order of their writing; none in a fence. Throws `CorruptData`
    /// if it is damaged, or is not there.
    List<Entry> rows(long id);

    /// One object of the log.
    ///
    /// @param sizeBytes as stored
    /// @param lastModified by the store's clock
    record WalFile(long id, long sizeBytes, Instant lastModified) {
        /// The id of the object that follows on this one, whether or not it is there yet.
        public long nextId() {
            return id + 1;
        }
    }

    /// What a row does to its key.
    enum Kind {
        PUT,
        DELETE,
        MERGE
    }

    /// One row of the log. Rows of one commit share its number.
    ///
    /// @param createdAtMillis since the Unix epoch; null where the writer did not say
    /// @param expireAtMillis since the Unix epoch; null if it never expires
    record Entry(
            long seq,
            Bytes key,
            Kind kind,
            Bytes value,
            @Nullable Long createdAtMillis,
            @Nullable Long expireAtMillis) {}
}
