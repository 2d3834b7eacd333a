package dev.holdfast.engine.change;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.engine.api.ChangeStream.Row;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.WalReader;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The log of a database as it lies in the store. Thread-safe.
public record StoredLog(Place place) implements WalReader {
    private static final int LIMIT_MAX = 10_000;

    @Override
    public List<WalFile> list(long from, int limit) {
        require(0 < from, "from must be positive: %d", from);
        require(0 < limit && limit <= LIMIT_MAX, "limit out of range: %d", limit);
        var names = NumberedNames.wals(place.root());
        var found = new ArrayList<WalFile>();
        String position = names.name(from - 1);
        try {
            while (found.size() < limit) {
                List<ObjectMeta> page =
                        place.store().list(names.prefix(), position, ObjectStore.LIST_LIMIT_MAX);
                for (ObjectMeta object : page) {
                    position = object.name();
                    if (0 < names.id(position) && found.size() < limit) found.add(fileOf(object));
                }
                if (page.size() < ObjectStore.LIST_LIMIT_MAX) break;
            }
            return found;
        } catch (ObjectStoreException failure) {
            throw unavailable(failure);
        }
    }

    @Override
    public @Nullable WalFile get(long id) {
        require(0 < id, "id must be positive: %d", id);
        try {
            ObjectMeta object = place.store().head(NumberedNames.wals(place.root()).name(id));
            return object == null ? null : fileOf(object);
        } catch (ObjectStoreException failure) {
            throw unavailable(failure);
        }
    }

    private WalFile fileOf(ObjectMeta object) {
        return new WalFile(
                NumberedNames.wals(place.root()).id(object.name()),
                object.size(),
                Instant.ofEpochMilli(object.lastModifiedMillis()));
    }

    @Override
    public List<Entry> rows(long id) {
        require(0 < id, "id must be positive: %d", id);
        var entries = new ArrayList<Entry>();
        try {
            for (LogObject.Commit commit :
                    LogObject.commitsIn(id, place, Token.standalone(place.env())))
                for (Row row : commit.rows()) entries.add(entryOf(commit.seq(), row));
            return entries;
        } catch (ObjectStoreException failure) {
            throw unavailable(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("reading was interrupted", interrupted);
        }
    }

    private static Entry entryOf(long seq, Row row) {
        Kind kind =
                switch (row.kind()) {
                    case PUT -> Kind.PUT;
                    case DELETE -> Kind.DELETE;
                    case MERGE -> Kind.MERGE;
                };
        return new Entry(
                seq, row.key(), kind, row.value(), row.createdAtMillis(), row.expireAtMillis());
    }

    private static Unavailable unavailable(ObjectStoreException failure) {
        return new Unavailable("log not readable: " + failure.getMessage(), failure);
    }
}
