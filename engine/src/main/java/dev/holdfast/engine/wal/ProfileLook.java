package dev.holdfast.engine.wal;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.ProfileReport;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.SegmentGuard;
import dev.holdfast.engine.manifest.StoredProfile;
import dev.holdfast.engine.manifest.WalStoreRule;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.format.manifest.Profile.Feature;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.EnumSet;
import java.util.List;

/// A look at everything that tells the profile of a database: manifest, tables, the compactor's
/// state, and the log behind the tables.
public final class ProfileLook {
    private ProfileLook() {}

    /// What the database at `root` is. Throws `Invalid` if there is none.
    public static ProfileReport at(ObjectStore store, String root, Env env) {
        var manifests = new ManifestStore(store, root, env);
        ManifestVersion newest = manifests.latest();
        if (newest == null) throw new Invalid("no database here. path=`" + root + "`", null);
        WalStoreRule.require(newest, store, root);
        var seen = EnumSet.noneOf(Feature.class);
        seen.addAll(StoredProfile.featuresOf(newest, store, root));
        WalListing log = WalListing.newest(manifests, newest, store, root).log();
        if (log.hasEmptyObject()) seen.add(Feature.NO_BYTES_FENCE);
        Profile profile = Profile.of(seen);
        List<String> signs = seen.stream().map(ProfileLook::inWords).toList();
        return new ProfileReport(nameOf(profile), signs, isWritable(newest, seen));
    }

    // A lost object of the log looks like a newer fence, where nothing else is newer.
    private static boolean isWritable(ManifestVersion newest, EnumSet<Feature> seen) {
        return SegmentGuard.isOpenToAnybody(newest)
                && !seen.equals(EnumSet.of(Feature.NO_BYTES_FENCE));
    }

    private static String nameOf(Profile profile) {
        return switch (profile) {
            case SLATEDB_0_12 -> "slatedb-0.12";
            case SLATEDB_0_15 -> "slatedb-0.15";
        };
    }

    private static String inWords(Feature feature) {
        return switch (feature) {
            case MANIFEST_V2 -> "manifest of version 2";
            case COMPOSITE_FILTER -> "composite filter";
            case COMPACTIONS_V2 -> "compactions of version 2";
            case NO_BYTES_FENCE -> "fence without bytes";
        };
    }
}
