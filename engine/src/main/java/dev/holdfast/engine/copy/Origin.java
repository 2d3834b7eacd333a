package dev.holdfast.engine.copy;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.manifest.CheckpointIds;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.ExternalDb;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One source of a clone at the moment that is taken over.
///
/// @param hold a checkpoint of the source's moment
/// @param manifest the source's at that moment
record Origin(CloneSource source, Checkpoint hold, Manifest manifest) {
    /// The moment that checkpoint `id` of the source keeps. Throws `Invalid` if it is not there.
    static Origin at(UUID id, CloneSource source, Place place) {
        ManifestVersion newest = place.newest(source.path());
        Checkpoint hold = CheckpointEdits.find(newest.manifest(), id);
        if (hold == null)
            throw new Invalid(
                    "no such checkpoint. path=`%s`, checkpoint=`%s`".formatted(source.path(), id),
                    null);
        ManifestVersion then = place.manifests(source.path()).at(hold.manifestId());
        if (then == null)
            throw new Invalid(
                    "the checkpoint's manifest is gone. manifest=`" + hold.manifestId() + "`",
                    null);
        if (then.manifest().walObjectStoreUri() != null)
            throw new Invalid("its log lies in another store. path=`" + source.path() + "`", null);
        return new Origin(source, hold, then.manifest());
    }

    KeyRange range() {
        return new KeyRange(source.start(), source.end());
    }

    /// L0 of `segment` as far as it is taken over; that outside of segments where it is null.
    List<SstView> l0(@Nullable Bytes segment) {
        return Projection.views(manifest.tree(segment).l0(), range());
    }

    /// The sorted runs there.
    List<SortedRun> runs(@Nullable Bytes segment) {
        return Projection.runs(manifest.tree(segment).sortedRuns(), range());
    }

    /// All tables that are taken over, or parts of them.
    Stream<SstView> tables() {
        Stream<Segment> segments = manifest.segments().stream();
        return Stream.concat(tables(null), segments.map(Segment::prefix).flatMap(this::tables));
    }

    private Stream<SstView> tables(@Nullable Bytes segment) {
        return Stream.concat(
                l0(segment).stream(), runs(segment).stream().flatMap(run -> run.ssts().stream()));
    }

    /// The roots of the databases that the tables in the range lie in, with what is needed there,
    /// each with a fresh checkpoint to be.
    List<ExternalDb> parents(Place place) {
        Set<Ulid> needed = new HashSet<>();
        tables().forEach(view -> needed.add(view.sst().id()));
        var parents = new ArrayList<ExternalDb>();
        for (ExternalDb each : manifest.externalDbs()) {
            List<Ulid> there = each.sstIds().stream().filter(needed::remove).toList();
            if (there.isEmpty()) continue;
            parents.add(
                    new ExternalDb(
                            TablePaths.rootOf(each),
                            Attachment.hold(each),
                            CheckpointIds.fresh(place.env()),
                            there));
        }
        parents.add(
                new ExternalDb(
                        source.path(),
                        hold.id(),
                        CheckpointIds.fresh(place.env()),
                        needed.stream().sorted().toList()));
        return parents;
    }
}
