package dev.holdfast.engine.manifest;

import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.objectstore.api.ObjectStore;
import org.jspecify.annotations.Nullable;

/// Where a database's log lies: beside its tables, or in a store of its own, which the manifest
/// names from the first one on.
///
/// Whoever opens a database says where its log is by the store that it hands in, and is refused if
/// that is not what the manifest says: the log is never looked for in the wrong place.
public final class WalStoreRule {
    private WalStoreRule() {}

    /// The first manifest of a database in `store`.
    static Manifest initial(ObjectStore store, String root) {
        return Manifest.initial().but().walObjectStoreUri(given(store, root)).build();
    }

    /// Where `store` has the log of the database at `root`; null if beside its tables.
    public static @Nullable String given(ObjectStore store, String root) {
        return store.elsewhere(NumberedNames.wals(root).prefix());
    }

    /// Throws `Invalid` if `version` says that the log lies elsewhere than in `store`.
    public static void require(ManifestVersion version, ObjectStore store, String root) {
        String named = version.manifest().walObjectStoreUri();
        String given = given(store, root);
        if (named == null && given == null) return;
        // Another engine may say that there is a store for the log without saying which.
        boolean isMeant =
                named != null && given != null && (named.isEmpty() || named.equals(given));
        if (isMeant) return;
        throw new Invalid(
                "the log lies in another store than was said. manifest=`%d`, there=`%s`, said=`%s`"
                        .formatted(version.id(), shown(named), shown(given)),
                null);
    }

    private static String shown(@Nullable String uri) {
        return uri == null ? "beside the tables" : uri;
    }
}
