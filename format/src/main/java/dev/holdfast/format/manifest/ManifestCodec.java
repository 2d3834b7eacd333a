package dev.holdfast.format.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.sst.FilterForm;
import dev.holdfast.format.wire.FlatBuilder;
import dev.holdfast.format.wire.FlatTable;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.format.wire.Trailer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Manifests as bytes: `version: u16 | FlatBuffer`, and our trailer behind it.
public final class ManifestCodec {
    private static final int SIZE_HINT = 4096;

    private ManifestCodec() {}

    /// A manifest with what its file says about itself.
    ///
    /// @param version of the file, 1 or 2
    /// @param putId null where another engine wrote the file: then no checksum covers it
    /// @param number of the manifest, 0 where the file does not tell
    public record Decoded(Manifest manifest, int version, @Nullable Ulid putId, long number) {
        /// This, found in the place of manifest `expected`. Throws [FormatException] if it tells
        /// another number.
        public Decoded inPlaceOf(long expected) {
            Trailer.requireNumber(number, expected, "manifest");
            return this;
        }

        /// The signs of a newer profile that the manifest shows.
        public Set<Profile.Feature> features() {
            var seen = EnumSet.noneOf(Profile.Feature.class);
            if (version == ManifestV2.VERSION) seen.add(Profile.Feature.MANIFEST_V2);
            if (hasComposite(manifest.l0())
                    || manifest.sortedRuns().stream().anyMatch(run -> hasComposite(run.ssts())))
                seen.add(Profile.Feature.COMPOSITE_FILTER);
            for (Segment segment : manifest.segments())
                if (hasComposite(segment.l0())
                        || segment.sortedRuns().stream().anyMatch(run -> hasComposite(run.ssts())))
                    seen.add(Profile.Feature.COMPOSITE_FILTER);
            return seen;
        }

        private static boolean hasComposite(List<SstView> views) {
            return views.stream()
                    .anyMatch(view -> view.sst().properties().filterForm() == FilterForm.COMPOSITE);
        }
    }

    /// Writes version 1, or version 2 where only that can say everything, with a trailer.
    ///
    /// @param number of the manifest, from 1; 0 leaves it untold
    public static Bytes encode(Manifest manifest, long number, Ulid putId) {
        if (manifest.needsVersion2()) return encodeVersion2(manifest, number, putId);
        var out = new FlatBuilder(SIZE_HINT);
        int root = ManifestV1.encode(manifest, out);
        return Trailer.seal(ManifestV1.VERSION, out, root, putId, number);
    }

    /// Writes version 2 whatever the manifest holds, for databases that have one already.
    public static Bytes encodeVersion2(Manifest manifest, long number, Ulid putId) {
        var out = new FlatBuilder(SIZE_HINT);
        int root = ManifestV2.encode(manifest, out);
        return Trailer.seal(ManifestV2.VERSION, out, root, putId, number);
    }

    /// Reads either version, with or without trailer.
    public static Decoded decode(Bytes file) {
        Trailer.Parts parts = Trailer.open(file, "manifest");
        int version = parts.version();
        if (version != ManifestV1.VERSION && version != ManifestV2.VERSION)
            throw new FormatException("manifest version unknown. version=`" + version + "`");
        FlatTable root = FlatTable.root(parts.flatBuffer());
        Manifest manifest =
                version == ManifestV1.VERSION ? ManifestV1.decode(root) : ManifestV2.decode(root);
        ManifestRules.check(manifest);
        return new Decoded(manifest, version, parts.putId(), parts.number());
    }
}
