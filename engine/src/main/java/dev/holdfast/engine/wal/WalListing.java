package dev.holdfast.engine.wal;

import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
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
    private static final int ATTEMPTS_MAX = 8;

    /// The log behind the tables of a manifest.
    public record Behind(ManifestVersion manifest, WalListing log) {}

    /// The log behind the tables of `known`; or, if a newer manifest has tables with what is
    /// missing of it, behind those: whoever sleeps between the manifest and the log wakes up to one
    /// that was collected.
    public static Behind newest(
            ManifestStore manifests, ManifestVersion known, ObjectStore store, String root) {
        ManifestVersion version = known;
        for (int attempt = 1; ; attempt++) {
            try {
                long after = version.manifest().replayAfterWalId();
                return new Behind(version, read(store, root, after));
            } catch (CorruptData gap) {
                ManifestVersion next = manifests.newest(version);
                if (next.id() == version.id() || attempt == ATTEMPTS_MAX) throw gap;
                version = next;
            }
        }
    }

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
            throw CorruptData.missing("log object missing between others. object=`" + name + "`");
    }
}
