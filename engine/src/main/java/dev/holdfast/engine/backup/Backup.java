package dev.holdfast.engine.backup;

import static java.util.Objects.requireNonNull;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.BackupReport;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.manifest.StoredProfile;
import dev.holdfast.engine.manifest.WalStoreRule;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.wal.WalListing;
import dev.holdfast.engine.wal.WalThread;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.sst.SstVerifier;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// Copies one state of a database to another place: what a checkpoint names, and the log behind it.
///
/// Invariants:
/// 1. The destination is a whole database after every single put: tables come before the manifest
///    that names them, log objects after it and in order.
/// 2. What is copied was checked on the way. What was there already is never written again.
/// 3. The source stays readable meanwhile: a checkpoint keeps collectors away for a day.
///
/// It may die anywhere and be repeated. Not thread-safe.
public final class Backup {
    private static final System.Logger LOG = System.getLogger(Backup.class.getName());
    private static final Duration ATTEMPT = Duration.ofSeconds(30);
    private static final Duration RELEASE = Duration.ofSeconds(5); // it ends by itself
    private static final Duration CHECKPOINT = Duration.ofHours(24);

    private final Place from;
    private final Place to;
    private final Env env;
    private final Token token;
    private final ManifestStore source;
    private final ManifestStore destination;

    private final Sealing sealing;
    private long objectsCopied;
    private long bytesCopied;
    private long objectsPresent;

    /// Where a database lies.
    ///
    /// @param root its path, empty for the store's root
    public record Place(ObjectStore store, String root) {}

    /// @param sealing opens what is copied, to see that it is whole; it is copied as it is
    /// @param token ends it early
    public Backup(Place from, Place to, Sealing sealing, Env env, Token token) {
        this.sealing = sealing;
        this.from = from;
        this.to = to;
        this.env = env;
        this.token = token;
        source = new ManifestStore(from.store(), from.root(), env);
        destination = new ManifestStore(to.store(), to.root(), env);
    }

    /// Copies. Throws `Invalid` if there is no source, `Conflict` if the destination was written by
    /// somebody else, `CorruptData` if the source is damaged, `Unavailable` if a store does not
    /// answer.
    public BackupReport run() throws InterruptedException {
        ManifestVersion latest = source.latest();
        if (latest == null) throw new Invalid("no database here. path=`" + from.root() + "`", null);
        WalStoreRule.require(latest, from.store(), from.root());
        requireRoomForItsLog(latest.manifest());
        UUID checkpoint = freshUuid();
        try {
            if (StoredProfile.of(latest, from.store(), from.root()) == Profile.SLATEDB_0_15)
                new CompactionsStore(to.store(), to.root(), env)
                        .begin(CompactionsCodec.VERSION_NEWER, patience());
            return copy(pinned(latest, checkpoint));
        } catch (ObjectStoreException unanswered) {
            throw new Unavailable("backup ended early: " + unanswered.getMessage(), unanswered);
        } finally {
            release(checkpoint);
        }
    }

    // A manifest with segments has no place for the name of another store.
    private void requireRoomForItsLog(Manifest manifest) {
        if (manifest.segmentExtractorName() != null
                && WalStoreRule.given(to.store(), to.root()) != null)
            throw new Invalid("a database with segments keeps its log beside its tables", null);
    }

    private ManifestVersion pinned(ManifestVersion latest, UUID checkpoint)
            throws InterruptedException {
        long now = env.currentTimeMillis() / 1000;
        var edit =
                new ManifestEdit.Checkpointed(
                        checkpoint, now, now + CHECKPOINT.toSeconds(), "backup");
        return source.publish(latest, edit, new Editor.Guest(), patience());
    }

    // What became of the copy stands; a checkpoint that is left ends by itself.
    private void release(UUID checkpoint) throws InterruptedException {
        var edit = new ManifestEdit.CheckpointsEnded(Set.of(checkpoint), 0);
        try {
            ManifestVersion latest = source.latest();
            var patience = new Patience(Deadline.after(env, RELEASE), token);
            if (latest != null) source.publish(latest, edit, new Editor.Guest(), patience);
        } catch (StorageException notNow) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the checkpoint of a backup stays for a day: {0}",
                    notNow.getMessage());
        }
    }

    private BackupReport copy(ManifestVersion state) throws InterruptedException {
        Manifest manifest = state.manifest();
        ManifestVersion before = destination.latest();
        if (before != null) {
            requireOlderBackup(before.manifest(), manifest);
            requireCutAlike(before.manifest(), manifest);
        }
        TablePaths paths = TablePaths.of(from.root(), manifest);
        TablePaths own = TablePaths.of(to.root());
        List<SstView> tables = tablesOf(manifest).toList();
        for (SstView table : tables) {
            Ulid id = table.sst().id();
            copyTable(paths.name(id), own.name(id), table);
        }
        ManifestVersion written = publish(manifest, manifest.replayAfterWalId());
        long lastLog = copyLog(state);
        written = publish(manifest, lastLog);
        return new BackupReport(
                state.id(), written.id(), objectsCopied, bytesCopied, objectsPresent);
    }

    // Whoever opens a backup for writing makes it a database of its own.
    private static void requireOlderBackup(Manifest there, Manifest next) {
        boolean isOlder =
                there.writerEpoch() <= next.writerEpoch()
                        && there.lastL0Seq() <= next.lastL0Seq()
                        && there.replayAfterWalId() <= next.replayAfterWalId();
        if (!isOlder)
            throw new Conflict(
                    ("the destination is no older backup of the source:"
                                    + " epoch %d and seq %d, here %d and %d")
                            .formatted(
                                    there.writerEpoch(),
                                    there.lastL0Seq(),
                                    next.writerEpoch(),
                                    next.lastL0Seq()));
    }

    // How a database is cut into segments never changes.
    private static void requireCutAlike(Manifest there, Manifest next) {
        if (!Objects.equals(there.segmentExtractorName(), next.segmentExtractorName()))
            throw new Conflict(
                    "the destination is cut into segments otherwise: by `%s`, here by `%s`"
                            .formatted(there.segmentExtractorName(), next.segmentExtractorName()));
    }

    private static Stream<SstView> tablesOf(Manifest manifest) {
        Stream<SstView> inSegments =
                manifest.segments().stream()
                        .flatMap(each -> tablesOf(each.l0(), each.sortedRuns()));
        return Stream.concat(tablesOf(manifest.l0(), manifest.sortedRuns()), inSegments);
    }

    private static Stream<SstView> tablesOf(List<SstView> l0, List<SortedRun> runs) {
        return Stream.concat(l0.stream(), runs.stream().flatMap(run -> run.ssts().stream()));
    }

    private void copyTable(String name, String target, SstView table) {
        requireGoingOn();
        if (isThere(target, table)) {
            objectsPresent++;
            return;
        }
        Bytes object = from.store().get(name);
        if (object == null)
            throw new CorruptData("DATA_MISSING: table not found. object=`" + name + "`", null);
        check(name, object, table);
        put(target, object);
    }

    private boolean isThere(String target, SstView table) {
        ObjectMeta there = to.store().head(target);
        if (there == null) return false;
        try {
            table.sst().properties().requireFits(there.size());
            return true;
        } catch (FormatException otherSize) {
            return false;
        }
    }

    private void check(String name, Bytes object, SstView table) {
        try {
            SectionSeal seal = sealing.table(table.sst().id());
            SstVerifier.verify(object, table.sst().properties(), table.sst().version(), seal);
        } catch (FormatException wrong) {
            throw new CorruptData(wrong.getMessage() + ". object=`" + name + "`", wrong);
        }
    }

    private void put(String target, Bytes object) {
        switch (to.store().put(target, List.of(object))) {
            case PutResult.Stored _ -> {
                objectsCopied++;
                bytesCopied += object.length();
            }
            case PutResult.AlreadyExists _ ->
                    throw new AssertionError("an unconditional put cannot lose " + target);
            case PutResult.Unknown lost ->
                    throw new Unavailable("not confirmed. object=`" + target + "`", lost.cause());
        }
    }

    /// Copies the log behind what `state` covers, in order, and returns the last object that was
    /// copied.
    private long copyLog(ManifestVersion state) throws InterruptedException {
        long after = state.manifest().replayAfterWalId();
        var thread = new WalThread(state.manifest().lastL0Seq(), sealing);
        NumberedNames names = NumberedNames.wals(from.root());
        NumberedNames targets = NumberedNames.wals(to.root());
        long last = WalListing.read(from.store(), from.root(), after).last();
        for (long id = after + 1; id <= last; id++) {
            requireGoingOn();
            Bytes object = from.store().get(names.name(id));
            // In tables by now, and collected: what is copied is whole as it stands.
            if (object == null) return id - 1;
            // What is missing before it is in tables that only a newer manifest names.
            boolean hasGap = !thread.holdsThrough(names.name(id), object);
            if (hasGap && source.newest(state).id() != state.id()) return id - 1;
            putLog(targets.name(id), object);
        }
        return last;
    }

    private void putLog(String target, Bytes object) throws InterruptedException {
        switch (to.store().putIfAbsent(target, List.of(object), Ulid.next(env))) {
            case PutResult.Stored _ -> {
                objectsCopied++;
                bytesCopied += object.length();
            }
            case PutResult.AlreadyExists _, PutResult.Unknown _ -> requireSame(target, object);
        }
    }

    private void requireSame(String target, Bytes object) {
        Bytes there = to.store().get(target);
        if (there == null) throw new Unavailable("not confirmed. object=`" + target + "`", null);
        if (!there.equals(object))
            throw new Conflict(
                    "the destination was written by somebody else. object=`" + target + "`");
        objectsPresent++;
    }

    private ManifestVersion publish(Manifest copied, long lastLog) throws InterruptedException {
        Manifest own =
                copied.but()
                        .checkpoints(List.of())
                        .externalDbs(List.of())
                        .walObjectStoreUri(WalStoreRule.given(to.store(), to.root()))
                        .walIdLastSeen(Math.max(copied.replayAfterWalId(), lastLog))
                        .build();
        ManifestVersion known = destination.latest();
        if (known == null) known = destination.create(firstLike(copied), patience());
        var edit = new ManifestEdit.Replaced(own);
        return destination.publish(requireNonNull(known), edit, new Editor.Guest(), patience());
    }

    private Manifest firstLike(Manifest copied) {
        String cutBy = copied.segmentExtractorName();
        return destination.initial().but().segmentExtractorName(cutBy).build();
    }

    private void requireGoingOn() {
        if (token.isStopping()) throw new Unavailable("the backup was stopped", null);
    }

    private Patience patience() {
        return new Patience(Deadline.after(env, ATTEMPT), token);
    }

    private UUID freshUuid() {
        long version4 = (env.randomLong() & ~0xf000L) | 0x4000L;
        long variant = (env.randomLong() >>> 2) | 0x8000000000000000L;
        return new UUID(version4, variant);
    }
}
