package dev.holdfast.engine.follow;

import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Which log object comes next: asked by name where there may be one, by listing where there are
/// many. One thread at a time.
final class LogAhead {
    private static final int ONE_BY_ONE = 2;

    private final ObjectStore store;
    private final NumberedNames names;
    private final ArrayDeque<ObjectMeta> listed = new ArrayDeque<>();
    private int inRow;

    LogAhead(ObjectStore store, String root) {
        this.store = store;
        names = NumberedNames.wals(root);
    }

    /// Log object `id`; null if there is none now.
    @Nullable ObjectMeta find(long id) {
        ObjectMeta next = listed.poll();
        if (next != null && names.id(next.name()) == id) return next;
        listed.clear();
        ObjectMeta there = store.head(names.name(id));
        inRow = there == null ? 0 : inRow + 1;
        if (ONE_BY_ONE < inRow)
            listed.addAll(store.list(names.prefix(), names.name(id), ObjectStore.LIST_LIMIT_MAX));
        return there;
    }

    /// The same, asked in another way: throws `CorruptData` if there is none, but later ones.
    @Nullable ObjectMeta findByListing(long id) {
        for (ObjectMeta next : store.list(names.prefix(), names.name(id - 1), 1)) {
            if (names.id(next.name()) == id) return next;
            if (id < names.id(next.name()))
                throw CorruptData.missing(
                        "log object missing before others. object=`" + names.name(id) + "`");
        }
        return null;
    }
}
