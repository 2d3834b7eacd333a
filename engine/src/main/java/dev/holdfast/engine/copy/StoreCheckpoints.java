package dev.holdfast.engine.copy;

import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.Checkpoints;
import dev.holdfast.engine.api.upkeep.StoredCheckpoint;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The [CheckpointBook] of a database as its callers see it. Thread-safe.
public final class StoreCheckpoints implements Checkpoints {
    private final CheckpointBook book;

    /// @param root the path of the database, empty for the store's root
    public StoreCheckpoints(Place place, String root) {
        book = new CheckpointBook(place, root);
    }

    @Override
    public StoredCheckpoint create(CheckpointOptions options) {
        return Asked.of("a checkpoint", () -> book.create(options).checkpoint());
    }

    @Override
    public StoredCheckpoint refresh(UUID id, @Nullable Duration lifetime) {
        return Asked.of("a checkpoint's refresh", () -> book.refresh(id, lifetime));
    }

    @Override
    public List<StoredCheckpoint> list() {
        return Asked.of("a look at checkpoints", book::list);
    }

    @Override
    public boolean delete(UUID id) {
        return Asked.of("a checkpoint's deletion", () -> book.delete(id));
    }
}
