package dev.holdfast.engine.manifest;

import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Profile;
import java.util.Set;

/// A manifest as it lies in the store: under its id, with the signs of a newer profile that were
/// seen in it.
public record ManifestVersion(long id, Manifest manifest, Set<Profile.Feature> features) {
    public ManifestVersion {
        features = Set.copyOf(features);
    }

    /// True if it is in the version of the form that only newer engines write.
    boolean isOfVersion2() {
        return features.contains(Profile.Feature.MANIFEST_V2);
    }
}
