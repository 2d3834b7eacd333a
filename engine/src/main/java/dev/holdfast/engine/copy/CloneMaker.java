package dev.holdfast.engine.copy;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CloneReport;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.DropMark;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.manifest.SegmentGuard;
import dev.holdfast.engine.manifest.StoredProfile;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.wal.WalTransfer;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.ExternalDb;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.format.manifest.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes one clone.
///
/// ```
/// checkpoints of the sources that end by themselves
///   -> the clone's first manifest: not whole, says which checkpoints are to come
///      -> those checkpoints, which never end -> log and tables of its own -> the manifest is whole
/// ```
///
/// Invariants:
/// 1. From the first look at a source's tables on a checkpoint keeps them, without a gap.
/// 2. A checkpoint that never ends is named by a manifest of the clone before it is made: whoever
///    finishes or drops the clone finds it.
/// 3. What is repeated writes the same under the same names.
///
/// Not thread-safe.
final class CloneMaker {
    private static final System.Logger LOG = System.getLogger(CloneMaker.class.getName());
    private static final Duration BEGINNING = Duration.ofMinutes(15);

    private final String path;
    private final List<CloneSource> sources;
    private final Place place;
    private final ManifestStore manifests;
    private final Map<String, UUID> begun = new HashMap<>(); // checkpoints that end, by source

    CloneMaker(String path, List<CloneSource> sources, Place place) {
        this.path = path;
        this.sources = List.copyOf(sources);
        this.place = place;
        manifests = place.manifests(path);
    }

    CloneReport make() throws InterruptedException {
        requireSensible();
        ManifestVersion target = manifests.latest();
        if (target == null) target = begin();
        requireSameSources(target.manifest());
        CloneReport report =
                target.manifest().stage() == Stage.READY ? report(target, 0, 0) : finish(target);
        // Not before: whoever repeats a call that was cut short needs them.
        giveUpBegun();
        return report;
    }

    private void requireSensible() {
        if (sources.isEmpty()) throw new Invalid("a clone needs a source", null);
        Map<String, CloneSource> known = new HashMap<>();
        for (CloneSource each : sources) {
            if (each.path().equals(path))
                throw new Invalid(
                        "a clone lies elsewhere than its source. path=`" + path + "`", null);
            CloneSource twin = known.put(each.path(), each);
            if (twin != null && !Objects.equals(twin.checkpoint(), each.checkpoint()))
                throw new Invalid("two moments of one database. path=`" + each.path() + "`", null);
        }
    }

    // One source whose every key is taken: then its log can be taken over as it is.
    private boolean isPlain() {
        return sources.size() == 1 && sources.getFirst().isWhole();
    }

    private ManifestVersion begin() throws InterruptedException {
        requireNothingAt(NumberedNames.wals(path).prefix());
        requireNothingAt(TablePaths.of(path).prefix());
        List<Origin> origins = null;
        try {
            origins = origins();
        } finally {
            if (origins == null) giveUpBegun();
        }
        // Before there is a manifest: whoever finds that finds the profile too.
        if (isOfNewerProfile())
            new CompactionsStore(place.store(), path, place.env())
                    .begin(CompactionsCodec.VERSION_NEWER, place.patience());
        return manifests.create(first(origins), place.patience());
    }

    private boolean isOfNewerProfile() {
        return sources.stream()
                .map(each ->
                        StoredProfile.of(place.newest(each.path()), place.store(), each.path()))
                .anyMatch(Profile.SLATEDB_0_15::equals);
    }

    private List<Origin> origins() throws InterruptedException {
        List<Origin> origins = new ArrayList<>();
        for (CloneSource each : sources) {
            requireKnownCut(place.newest(each.path()));
            origins.add(Origin.at(momentOf(each), each, place));
        }
        requireCutAlike(origins);
        KeyHull.requireDisjoint(origins, place);
        return origins;
    }

    // What the log holds of a part becomes tables of segments.
    private void requireKnownCut(ManifestVersion source) {
        Manifest manifest = source.manifest();
        String cutBy = manifest.segmentExtractorName();
        if (!isPlain() && cutBy != null && SegmentGuard.rulesOf(manifest, null) == null)
            throw new Invalid(
                    "a database that an extractor of an application's own cuts into segments is"
                            + " cloned by itself and as a whole. manifest=`%d`, extractor=`%s`"
                                    .formatted(source.id(), cutBy),
                    null);
    }

    private static void requireCutAlike(List<Origin> origins) {
        List<String> cuts =
                origins.stream()
                        .map(each -> String.valueOf(each.manifest().segmentExtractorName()))
                        .distinct()
                        .toList();
        if (1 < cuts.size())
            throw new Invalid("sources are cut into segments otherwise. cuts=`" + cuts + "`", null);
    }

    // Rows of another database would be taken for the clone's.
    private void requireNothingAt(String prefix) {
        if (!place.store().list(prefix, null, 1).isEmpty())
            throw new Conflict(
                    "what is left of a database lies here: drop it. path=`" + path + "`");
    }

    private UUID momentOf(CloneSource source) throws InterruptedException {
        UUID given = source.checkpoint();
        if (given != null) return given;
        UUID known = begun.get(source.path());
        if (known != null) return known;
        CheckpointOptions options = CheckpointOptions.lasting(BEGINNING).named("cloning:" + path);
        UUID made = new CheckpointBook(place, source.path()).create(options).checkpoint().id();
        begun.put(source.path(), made);
        return made;
    }

    private Manifest first(List<Origin> origins) {
        Manifest source = origins.getFirst().manifest();
        Manifest from = isPlain() ? source : Manifest.initial();
        return from.but()
                .segmentExtractorName(source.segmentExtractorName())
                .stage(Stage.CLONING)
                .checkpoints(List.of())
                .externalDbs(parents(origins))
                .build();
    }

    private List<ExternalDb> parents(List<Origin> origins) {
        List<ExternalDb> all = new ArrayList<>();
        for (Origin origin : origins)
            for (ExternalDb each : origin.parents(place)) addTo(all, each);
        return all;
    }

    // One checkpoint suffices for all that is needed of one moment.
    private static void addTo(List<ExternalDb> all, ExternalDb more) {
        for (int i = 0; i < all.size(); i++) {
            ExternalDb known = all.get(i);
            boolean isSame =
                    known.path().equals(more.path())
                            && known.sourceCheckpointId().equals(more.sourceCheckpointId());
            if (!isSame) continue;
            var ids = new java.util.TreeSet<>(known.sstIds());
            ids.addAll(more.sstIds());
            all.set(
                    i,
                    new ExternalDb(
                            known.path(),
                            known.sourceCheckpointId(),
                            known.finalCheckpointId(),
                            List.copyOf(ids)));
            return;
        }
        all.add(more);
    }

    private void requireSameSources(Manifest target) {
        if (DropMark.isOn(target))
            throw new Conflict("the database here is being dropped. path=`" + path + "`");
        for (CloneSource each : sources)
            if (parentOf(each, target) == null)
                throw new Conflict(
                        "a database is here that is no clone of the source. path=`%s`, source=`%s`"
                                .formatted(path, each.path()));
    }

    private static @Nullable ExternalDb parentOf(CloneSource source, Manifest target) {
        UUID wanted = source.checkpoint();
        for (ExternalDb each : target.externalDbs()) {
            boolean isMoment = wanted == null || wanted.equals(each.sourceCheckpointId());
            if (isMoment && TablePaths.rootOf(each).equals(source.path())) return each;
        }
        return null;
    }

    private CloneReport finish(ManifestVersion target) throws InterruptedException {
        Manifest manifest = target.manifest();
        for (ExternalDb parent : manifest.externalDbs()) hold(parent);
        List<Origin> origins = new ArrayList<>();
        for (CloneSource each : sources) {
            ExternalDb parent = Objects.requireNonNull(parentOf(each, manifest));
            origins.add(Origin.at(Attachment.hold(parent), each, place));
        }
        var contents = new Contents(path, place);
        long logObjects = isPlain() ? copyLog(origins.getFirst()) : 0;
        SegmentRules rules = SegmentGuard.rulesOf(manifest, null);
        Manifest whole = isPlain() ? manifest : contents.fill(manifest, origins, rules);
        var edit =
                new CloneEdits.Finished(
                        whole.but().stage(Stage.READY).externalDbs(settled(manifest)).build());
        ManifestVersion made =
                manifests.publish(target, edit, new Editor.Guest(), place.patience());
        return report(made, contents.tablesMade(), logObjects);
    }

    // The moment that `begin` looked at, from now on for as long as the clone needs it.
    private void hold(ExternalDb parent) throws InterruptedException {
        UUID id = parent.finalCheckpointId();
        if (id == null) return;
        String root = TablePaths.rootOf(parent);
        ManifestVersion newest = place.newest(root);
        if (CheckpointEdits.find(newest.manifest(), id) != null) return;
        if (CheckpointEdits.find(newest.manifest(), parent.sourceCheckpointId()) == null)
            throw new Conflict(
                    "the clone was begun too long ago: drop it, and begin anew. path=`%s`"
                            .formatted(path));
        var wanted = new Checkpoint(id, 0, 0, place.nowSeconds(), Attachment.nameFor(path));
        var edit = new CheckpointEdits.Of(parent.sourceCheckpointId(), wanted);
        place.manifests(root).publish(newest, edit, new Editor.Guest(), place.patience());
    }

    private long copyLog(Origin origin) {
        NumberedNames names = NumberedNames.wals(origin.source().path());
        NumberedNames targets = NumberedNames.wals(path);
        var transfer = new WalTransfer(place.store(), place.env());
        long first = origin.manifest().replayAfterWalId() + 1;
        long last = origin.manifest().walIdLastSeen();
        for (long id = first; id <= last; id++) {
            Bytes object = place.store().get(names.name(id));
            if (object == null)
                throw CorruptData.missing("log object missing. object=`" + names.name(id) + "`");
            transfer.put(targets.name(id), object);
        }
        return last - first + 1;
    }

    // The checkpoints that were begun end; who clones the clone needs one that lasts.
    private List<ExternalDb> settled(Manifest manifest) {
        return manifest.externalDbs().stream().map(this::settled).toList();
    }

    private ExternalDb settled(ExternalDb parent) {
        boolean isGiven =
                sources.stream()
                        .anyMatch(each -> parent.sourceCheckpointId().equals(each.checkpoint()));
        return isGiven
                ? parent
                : new ExternalDb(
                        parent.path(),
                        Attachment.hold(parent),
                        parent.finalCheckpointId(),
                        parent.sstIds());
    }

    private static CloneReport report(ManifestVersion made, int tablesMade, long logObjects) {
        int shared =
                made.manifest().externalDbs().stream().mapToInt(each -> each.sstIds().size()).sum();
        return new CloneReport(made.id(), shared, tablesMade, logObjects);
    }

    // They end by themselves too.
    private void giveUpBegun() throws InterruptedException {
        for (Map.Entry<String, UUID> each : begun.entrySet()) {
            try {
                String root = each.getKey();
                new CheckpointBook(place, root).release(place.newest(root), each.getValue());
            } catch (Unavailable | CorruptData | Invalid notNow) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "checkpoint not given up: {0}",
                        notNow.getMessage());
            }
        }
    }
}
