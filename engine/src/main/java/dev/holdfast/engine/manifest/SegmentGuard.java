package dev.holdfast.engine.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Segment;
import org.jspecify.annotations.Nullable;

/// Keeps who would write from cutting keys otherwise than the database is cut.
public final class SegmentGuard {
    private SegmentGuard() {}

    /// Throws `Invalid` unless `version` is cut as `rules` say, or not at all if they are null.
    public static void require(ManifestVersion version, @Nullable SegmentRules rules) {
        if (rules == null) {
            ManifestStore.requireNoSegments(version);
            return;
        }
        Manifest manifest = version.manifest();
        PrefixExtractor extractor = rules.extractor();
        if (!extractor.name().equals(manifest.segmentExtractorName()))
            throw new Invalid(
                    "the database is cut into segments otherwise, which stays as it was made."
                            + " asked=`%s`, there=`%s`"
                                    .formatted(extractor.name(), manifest.segmentExtractorName()),
                    null);
        for (Segment each : manifest.segments())
            if (extractor.lengthInAll(each.prefix()) != each.prefix().length())
                throw new Invalid(
                        "the extractor cuts otherwise than it did. segment=`" + each.prefix() + "`",
                        null);
    }

    /// The beginning of `key` that tells its segment. Throws `Invalid` if there is none.
    public static Bytes segmentOf(Bytes key, SegmentRules rules) {
        int length = rules.extractor().lengthIn(key);
        if (length < 1 || key.length() < length)
            throw new Invalid("a key that is in no segment. key=`" + key + "`", null);
        return key.slice(0, length);
    }

    /// The first manifest of a database that is cut as `rules` say.
    public static Manifest first(Manifest initial, @Nullable SegmentRules rules) {
        if (rules == null) return initial;
        if (initial.walObjectStoreUri() != null)
            throw new Invalid("a database with segments keeps its log beside its tables", null);
        return initial.but().segmentExtractorName(rules.extractor().name()).build();
    }
}
