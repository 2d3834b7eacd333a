package dev.holdfast.engine.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.PrefixExtractor;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.format.manifest.SstHandle;
import org.jspecify.annotations.Nullable;

/// Keeps who would write from cutting keys otherwise than the database is cut.
public final class SegmentGuard {
    private SegmentGuard() {}

    /// How the database of `manifest` is cut: as `said`, or, where nothing is said, as the name of
    /// its extractor tells; null if it is not cut, or by an extractor of an application's own.
    public static @Nullable SegmentRules rulesOf(Manifest manifest, @Nullable SegmentRules said) {
        String name = manifest.segmentExtractorName();
        if (said != null || name == null) return said;
        PrefixExtractor known = PrefixExtractor.named(name);
        return known == null ? null : SegmentRules.by(known);
    }

    /// Throws `Invalid` unless `version` is cut as `said`; where nothing is said, unless it is not
    /// cut at all or its extractor is known by its name.
    public static void require(ManifestVersion version, @Nullable SegmentRules said) {
        Manifest manifest = version.manifest();
        SegmentRules rules = rulesOf(manifest, said);
        if (rules == null) {
            requireNoSegments(version);
            return;
        }
        if (!manifest.l0().isEmpty() || !manifest.sortedRuns().isEmpty())
            throw new Invalid(
                    "the database has tables outside of its segments, and can only be read."
                            + " manifest=`%d`".formatted(version.id()),
                    null);
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

    /// True if whoever says nothing may write to the database of `version`.
    public static boolean isOpenToAnybody(ManifestVersion version) {
        try {
            require(version, null);
            return true;
        } catch (Invalid refused) {
            return false;
        }
    }

    private static void requireNoSegments(ManifestVersion version) {
        Manifest manifest = version.manifest();
        if (!manifest.segments().isEmpty() || manifest.segmentExtractorName() != null)
            throw new Invalid(
                    "the database is cut into segments by an extractor of an application's own, and"
                            + " can only be read without it. manifest=`%d`, extractor=`%s`"
                                    .formatted(version.id(), manifest.segmentExtractorName()),
                    null);
    }

    /// The beginning of `key` that tells its segment. Throws `Invalid` if there is none.
    public static Bytes segmentOf(Bytes key, SegmentRules rules) {
        int length = rules.extractor().lengthIn(key);
        if (length < 1 || key.length() < length)
            throw new Invalid("a key that is in no segment. key=`" + key + "`", null);
        return key.slice(0, length);
    }

    /// The segment that all keys of `table` are in.
    public static Bytes segmentOf(SstHandle table, SegmentRules rules) {
        Bytes first = table.properties().firstEntry();
        if (first == null) throw new AssertionError("a table of a segment has keys");
        return segmentOf(first, rules);
    }

    /// The first manifest of a database that is cut as `rules` say.
    public static Manifest first(Manifest initial, @Nullable SegmentRules rules) {
        if (rules == null) return initial;
        if (initial.walObjectStoreUri() != null)
            throw new Invalid("a database with segments keeps its log beside its tables", null);
        return initial.but().segmentExtractorName(rules.extractor().name()).build();
    }
}
