package dev.holdfast.engine;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.change.LogObject;
import dev.holdfast.engine.change.Place;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The objects of a database's log, one by one as they lie in the store: for whoever looks after a
/// database. Who wants its commits reads a [ChangeStream], which misses none and repeats none.
///
/// Writes nothing, fences nobody, keeps nothing: an object may be collected between two calls.
/// Thread-safe.
///
/// ```java
/// WalReader log = Engine.walReader(store, "db");
/// for (WalReader.WalFile file : log.list(1, 1000))
///     for (WalReader.Entry entry : log.rows(file.id())) { ... }
/// ```
public final class WalReader {
    private static final int LIMIT_MAX = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ObjectStore store;
    private final String root;
    private final Env env;
    private final Place place;
    private final NumberedNames names;

    WalReader(ObjectStore store, String root, Sealing sealing, Env env) {
        this.store = store;
        this.root = root;
        this.env = env;
        place = new Place(store, root, sealing, env, PATIENCE);
        names = NumberedNames.wals(root);
    }

    /// One object of the log.
    ///
    /// @param sizeBytes as stored
    /// @param lastModified by the store's clock
    public record WalFile(long id, long sizeBytes, Instant lastModified) {
        /// The id of the object that follows on this one, whether or not it is there yet.
        public long nextId() {
            return id + 1;
        }
    }

    /// One row of the log. Rows of one commit share its number.
    public record Entry(long seq, ChangeStream.Row row) {}

    /// At most `limit` (1 to 10,000) of the objects from id `from` on, by rising id.
    public List<WalFile> list(long from, int limit) {
        require(0 < from, "from must be positive: %d", from);
        require(0 < limit && limit <= LIMIT_MAX, "limit out of range: %d", limit);
        var found = new ArrayList<WalFile>();
        String position = names.name(from - 1);
        try {
            while (found.size() < limit) {
                List<ObjectMeta> page =
                        store.list(names.prefix(), position, ObjectStore.LIST_LIMIT_MAX);
                for (ObjectMeta object : page) {
                    position = object.name();
                    if (0 < names.id(position) && found.size() < limit) found.add(fileOf(object));
                }
                if (page.size() < ObjectStore.LIST_LIMIT_MAX) break;
            }
            return found;
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        }
    }

    /// The object `id`; null if it is not there.
    public @Nullable WalFile get(long id) {
        require(0 < id, "id must be positive: %d", id);
        try {
            ObjectMeta object = store.head(names.name(id));
            return object == null ? null : fileOf(object);
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        }
    }

    private WalFile fileOf(ObjectMeta object) {
        return new WalFile(
                names.id(object.name()),
                object.size(),
                Instant.ofEpochMilli(object.lastModifiedMillis()));
    }

    /// The rows of object `id` in the order of their writing; none in a fence. Throws `CorruptData`
    /// if it is damaged, or is not there.
    public List<Entry> rows(long id) {
        require(0 < id, "id must be positive: %d", id);
        var entries = new ArrayList<Entry>();
        try {
            for (LogObject.Commit commit : LogObject.commitsIn(id, place, Token.standalone(env)))
                for (ChangeStream.Row row : commit.rows())
                    entries.add(new Entry(commit.seq(), row));
            return entries;
        } catch (ObjectStoreException failure) {
            throw StoreErrors.translated(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("reading was interrupted", interrupted);
        }
    }
}
