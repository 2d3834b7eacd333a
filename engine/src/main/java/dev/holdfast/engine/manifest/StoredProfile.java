package dev.holdfast.engine.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Which signs of a newer profile a database shows outside its log.
public final class StoredProfile {
    private static final int COMPACTIONS_VERSION_NEWER = 2;

    private StoredProfile() {}

    /// The signs in `latest` and in the compactor's latest state.
    public static Set<Profile.Feature> featuresOf(
            ManifestVersion latest, ObjectStore store, String root) {
        var seen = EnumSet.noneOf(Profile.Feature.class);
        seen.addAll(latest.features());
        String name = latestCompactions(store, NumberedNames.compactions(root));
        if (!name.isEmpty() && COMPACTIONS_VERSION_NEWER <= versionOf(store, name))
            seen.add(Profile.Feature.COMPACTIONS_V2);
        return seen;
    }

    /// Throws `Invalid` if this engine would write what belongs to an older profile than the
    /// database has.
    public static void requireWritable(ManifestVersion latest, ObjectStore store, String root) {
        Set<Profile.Feature> features = featuresOf(latest, store, root);
        if (!Profile.SLATEDB_0_12.canWrite(Profile.of(features)))
            throw new Invalid("written by a newer engine, can only be read: " + features, null);
    }

    private static String latestCompactions(ObjectStore store, NumberedNames names) {
        String last = "";
        while (true) {
            String after = last.isEmpty() ? null : last;
            List<ObjectMeta> page = store.list(names.prefix(), after, ObjectStore.LIST_LIMIT_MAX);
            for (ObjectMeta object : page) if (0 < names.id(object.name())) last = object.name();
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) return last;
        }
    }

    private static int versionOf(ObjectStore store, String name) {
        Bytes object = store.get(name);
        if (object == null) return 0; // collected meanwhile: then an equal or newer one is there
        try {
            return CompactionsCodec.decode(object).version();
        } catch (FormatException wrong) {
            throw new CorruptData(wrong.getMessage() + ". object=`" + name + "`", wrong);
        }
    }
}
