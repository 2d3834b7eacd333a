package dev.holdfast.app.survey;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.inspect.StoredObjects;
import dev.holdfast.app.inspect.StoredObjects.Numbered;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.StoredSeals;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.compactions.Compaction.Status;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.sst.SstDecoder;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Looks at a database from outside: reads a handful of objects, writes nothing, fences nobody.
///
/// Bounded, however large the database: each kind of request has a limit, and what was left out is
/// said. Not thread-safe.
public final class Surveyor {
    /// No log object with rows is as small.
    static final long FENCE_BYTES_MAX = 114;

    private static final int TABLES_ASKED = 32;
    private static final int CHECKPOINTS_READ = 64;
    private static final int LOG_OBJECTS_LISTED = 20_000;
    private static final int COMPACTIONS_VERSION_NEWER = 2;

    private final DatabaseLocation location;
    private final ObjectStore store;
    private final StoredObjects objects;
    private final Set<Thorough> thorough;
    private final Env env;

    /// What takes more requests the larger the database is.
    public enum Thorough {
        /// Ask every table for its rows, a request each; else only if they are few.
        ROWS,
        /// List every object.
        OBJECTS
    }

    public Surveyor(DatabaseLocation location, ObjectStore store, Set<Thorough> thorough, Env env) {
        this.location = location;
        this.store = store;
        this.objects = new StoredObjects(store, location.path());
        this.thorough = Set.copyOf(thorough);
        this.env = env;
    }

    /// The compactor's newest state.
    private record Work(long id, int version, List<Compaction> recent) {
        List<Compaction> active() {
            return recent.stream()
                    .filter(each ->
                            each.status() != Status.COMPLETED && each.status() != Status.FAILED)
                    .toList();
        }
    }

    /// Looks. Fails if there is no database, or none whose newest manifest can be read.
    public Survey run() {
        Newest newest = Newest.of(objects, location);
        Manifest manifest = newest.decoded().manifest();
        Work work = work();
        var profile = EnumSet.noneOf(Profile.Feature.class);
        profile.addAll(newest.decoded().features());
        if (COMPACTIONS_VERSION_NEWER <= work.version())
            profile.add(Profile.Feature.COMPACTIONS_V2);
        var head =
                new Survey.Head(
                        newest.object(), manifest, newest.decoded().version(), Profile.of(profile));
        Map<Long, @Nullable Manifest> pinned = new HashMap<>();
        List<Pin> pins = pins(manifest, pinned);
        return new Survey(
                location,
                env.currentTimeMillis(),
                Occupancy.of(location),
                head,
                levels(manifest),
                log(manifest),
                pins,
                work.active(),
                thorough.contains(Thorough.OBJECTS) ? stored(head, work, pinned) : null,
                store.traffic());
    }

    private Work work() {
        Numbered newest = objects.newest("compactions", ".compactions");
        Bytes file = newest == null ? null : objects.find(newest.name());
        if (newest == null || file == null) return new Work(0, 0, List.of());
        try {
            CompactionsCodec.Decoded decoded = CompactionsCodec.decode(file).inPlaceOf(newest.id());
            return new Work(newest.id(), decoded.version(), decoded.compactions().recent());
        } catch (FormatException damaged) {
            throw new Failure(
                    ExitStatus.BAD_DATA,
                    "the compactor's state is damaged: %s: %s. Nothing is lost by that; `holdfast"
                                    .formatted(newest.name(), damaged.getMessage())
                            + " fsck` checks the tables.",
                    damaged);
        }
    }

    private List<Level> levels(Manifest manifest) {
        int tables = (int) tablesOf(manifest).count();
        boolean isAsked = tables <= TABLES_ASKED || thorough.contains(Thorough.ROWS);
        var foreign = new HashSet<Ulid>();
        manifest.externalDbs().forEach(other -> foreign.addAll(other.sstIds()));
        var levels = new ArrayList<Level>();
        add(levels, null, manifest.l0(), manifest.sortedRuns(), isAsked ? foreign : null);
        for (var each : manifest.segments())
            add(levels, each.prefix(), each.l0(), each.sortedRuns(), isAsked ? foreign : null);
        return levels;
    }

    // Nothing is asked where `foreign` is null.
    private void add(
            List<Level> levels,
            @Nullable Bytes segment,
            List<SstView> l0,
            List<SortedRun> runs,
            @Nullable Set<Ulid> foreign) {
        if (!l0.isEmpty() || segment == null)
            levels.add(Level.of(new Level.Place(null, segment), l0, view -> rows(view, foreign)));
        for (SortedRun run : runs) {
            var place = new Level.Place(run.id(), segment);
            levels.add(Level.of(place, run.ssts(), view -> rows(view, foreign)));
        }
    }

    private RowCounts rows(SstView view, @Nullable Set<Ulid> foreign) {
        SstProperties properties = view.sst().properties();
        SstProperties.Section stats = properties.stats();
        boolean isAsked = foreign != null && !foreign.contains(view.sst().id());
        if (!isAsked || stats.isAbsent() || Integer.MAX_VALUE < stats.length())
            return RowCounts.SILENT;
        String name = "compacted/" + view.sst().id() + ".sst";
        Bytes stored = objects.read(name, stats.offset(), (int) stats.length());
        if (stored == null)
            throw new Failure(
                    ExitStatus.BAD_DATA,
                    "a table that the newest manifest names is missing: " + name + Newest.FSCK);
        try {
            SectionSeal seal = new StoredSeals(location.keys()).table(view.sst().id());
            return RowCounts.of(SstDecoder.stats(stored, properties, seal));
        } catch (FormatException damaged) {
            throw new Failure(
                    ExitStatus.BAD_DATA,
                    name + " is damaged: " + damaged.getMessage() + Newest.FSCK,
                    damaged);
        }
    }

    private static Stream<SstView> tablesOf(Manifest manifest) {
        Stream<SstView> inRuns = manifest.sortedRuns().stream().flatMap(run -> run.ssts().stream());
        Stream<SstView> inSegments =
                manifest.segments().stream()
                        .flatMap(segment ->
                                Stream.concat(
                                        segment.l0().stream(),
                                        segment.sortedRuns().stream()
                                                .flatMap(run -> run.ssts().stream())));
        return Stream.of(manifest.l0().stream(), inRuns, inSegments).flatMap(views -> views);
    }

    private static Set<Ulid> idsOf(Manifest manifest) {
        var ids = new HashSet<Ulid>();
        tablesOf(manifest).forEach(view -> ids.add(view.sst().id()));
        return ids;
    }

    private LogBehind log(Manifest manifest) {
        var behind = new LogBehind[] {LogBehind.NONE};
        var listed = new int[1];
        objects.visit(
                "wal",
                ".sst",
                manifest.replayAfterWalId() + 1,
                found -> {
                    if (listed[0]++ < LOG_OBJECTS_LISTED) {
                        behind[0] = behind[0].plus(found.id(), found.size());
                        return true;
                    }
                    behind[0] = behind[0].cut();
                    return false;
                });
        return behind[0];
    }

    // Of two checkpoints on one manifest the manifest is read once.
    private List<Pin> pins(Manifest manifest, Map<Long, @Nullable Manifest> read) {
        Set<Ulid> live = idsOf(manifest);
        var pins = new ArrayList<Pin>();
        var standings = new HashMap<Long, Pin.Standing>();
        for (Checkpoint checkpoint : manifest.checkpoints()) {
            long id = checkpoint.manifestId();
            Pin.Standing standing = standings.get(id);
            if (standing == null) {
                standing =
                        standings.size() < CHECKPOINTS_READ
                                ? look(id, read)
                                : Pin.Standing.NOT_LOOKED_AT;
                standings.put(id, standing);
            }
            Manifest pinned = read.get(id);
            List<SstView> alone =
                    pinned == null
                            ? List.of()
                            : tablesOf(pinned)
                                    .filter(view -> !live.contains(view.sst().id()))
                                    .toList();
            long bytes =
                    alone.stream()
                            .mapToLong(view -> view.sst().properties().propertiesOffset())
                            .sum();
            pins.add(new Pin(checkpoint, standing, alone.size(), bytes));
        }
        return pins;
    }

    private Pin.Standing look(long id, Map<Long, @Nullable Manifest> read) {
        Bytes file = objects.find(StoredObjects.name("manifest", id, ".manifest"));
        if (file == null) return Pin.Standing.MISSING;
        try {
            read.put(id, ManifestCodec.decode(file).inPlaceOf(id).manifest());
            return Pin.Standing.READ;
        } catch (FormatException damaged) {
            return Pin.Standing.DAMAGED;
        }
    }

    private StoredBytes stored(Survey.Head head, Work work, Map<Long, @Nullable Manifest> read) {
        var pinned = new HashSet<Ulid>();
        long pinnedAfter = head.manifest().replayAfterWalId();
        for (Manifest each : read.values()) {
            if (each == null) continue;
            pinned.addAll(idsOf(each));
            pinnedAfter = Math.min(pinnedAfter, each.replayAfterWalId());
        }
        var underWay = new HashSet<Ulid>();
        for (Compaction each : work.recent())
            for (SstHandle output : each.outputs()) underWay.add(output.id());
        var manifests = new HashSet<Long>();
        head.manifest().checkpoints().forEach(each -> manifests.add(each.manifestId()));
        var stored =
                new StoredBytes(
                        idsOf(head.manifest()),
                        pinned,
                        underWay,
                        manifests,
                        new StoredBytes.Numbers(
                                head.object().id(),
                                work.id(),
                                head.manifest().replayAfterWalId(),
                                pinnedAfter));
        objects.visitAll((name, meta) -> stored.add(name, meta.size()));
        return stored;
    }
}
