package dev.holdfast.engine.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which signs of a newer profile a database shows outside its log.
public final class StoredProfile {
    private StoredProfile() {}

    /// The signs in `latest` and in the compactor's latest state.
    public static Set<Profile.Feature> featuresOf(
            ManifestVersion latest, ObjectStore store, String root) {
        var seen = EnumSet.noneOf(Profile.Feature.class);
        seen.addAll(latest.features());
        String name = latestCompactions(store, NumberedNames.compactions(root));
        if (!name.isEmpty() && CompactionsCodec.VERSION_NEWER <= versionOf(store, name))
            seen.add(Profile.Feature.COMPACTIONS_V2);
        return seen;
    }

    /// The profile that those signs make.
    public static Profile of(ManifestVersion latest, ObjectStore store, String root) {
        return Profile.of(featuresOf(latest, store, root));
    }

    /// Throws `Invalid` if `latest` has what is read and not written. Returns the profile in which
    /// the database is to be written: the one that it has.
    public static Profile requireWritable(ManifestVersion latest, ObjectStore store, String root) {
        return requireWritable(latest, store, root, FormatProfile.AS_FOUND);
    }

    /// The same for who wants it to be `wanted`: throws `Invalid` if it is another.
    public static Profile requireWritable(
            ManifestVersion latest, ObjectStore store, String root, FormatProfile wanted) {
        return requireWritable(latest, store, root, wanted, null);
    }

    /// The same for who cuts it into segments as `rules` say, or not at all if they are null.
    public static Profile requireWritable(
            ManifestVersion latest,
            ObjectStore store,
            String root,
            FormatProfile wanted,
            @Nullable SegmentRules rules) {
        SegmentGuard.require(latest, rules);
        Set<Profile.Feature> features = featuresOf(latest, store, root);
        Profile stored = Profile.of(features);
        if (wanted == FormatProfile.SLATEDB_0_12 && stored != Profile.SLATEDB_0_12)
            throw new Invalid(
                    "the database has the profile slatedb-0.15, and is not written as slatedb-0.12:"
                            + " an older engine would lose keys in silence. signs=`"
                            + features
                            + "`",
                    null);
        if (wanted == FormatProfile.SLATEDB_0_15 && stored != Profile.SLATEDB_0_15)
            throw new Invalid(
                    "the database has the profile slatedb-0.12, and becomes slatedb-0.15 by an"
                            + " upgrade alone: `holdfast profile upgrade`",
                    null);
        return stored;
    }

    /// Throws `Invalid` unless an object of the log without bytes is a fence in `profile`.
    public static void requireFenceWithoutBytes(Profile profile, String where) {
        if (profile == Profile.SLATEDB_0_12)
            throw new Invalid(
                    "log object without bytes, and no other sign of the profile slatedb-0.15:"
                            + " it may have lost its commits. The database can only be read. "
                            + where,
                    null);
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
