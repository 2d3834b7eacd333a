package dev.holdfast.engine.wal;

import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.List;

/// What log objects there are behind a given one.
///
/// @param after where the look began
/// @param last the last object without a gap before it; `after` if there is none
/// @param hasEmptyObject true if one has no bytes: the fence of a newer profile
public record WalListing(long after, long last, boolean hasEmptyObject) {

    /// Lists the objects behind `after`, then looks further by name, in case the listing lags.
    /// Throws `CorruptData` if one is missing between others.
    public static WalListing read(ObjectStore store, String root, long after) {
        var names = NumberedNames.wals(root);
        long last = after;
        boolean hasEmptyObject = false;
        String position = names.name(after);
        while (true) {
            List<ObjectMeta> page =
                    store.list(names.prefix(), position, ObjectStore.LIST_LIMIT_MAX);
            for (ObjectMeta object : page) {
                position = object.name();
                long id = names.id(position);
                if (id < 0) continue;
                while (last + 1 < id) requireThere(store, names.name(++last));
                last = id;
                hasEmptyObject |= object.size() == 0;
            }
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) break;
        }
        for (ObjectMeta next = store.head(names.name(last + 1));
                next != null;
                next = store.head(names.name(last + 1))) {
            last++;
            hasEmptyObject |= next.size() == 0;
        }
        return new WalListing(after, last, hasEmptyObject);
    }

    private static void requireThere(ObjectStore store, String name) {
        if (store.head(name) == null)
            throw new CorruptData("log object missing between others. object=`" + name + "`", null);
    }
}
