package dev.holdfast.engine.manifest;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The manifests of one database, numbered from one.
///
/// Invariants:
/// 1. Manifest n+1 exists only if its writer had read manifest n. The object store's conditional
///    create is the only lock; there is no other coordination.
/// 2. A put whose reply was lost is settled by its put id before anything else is concluded: it is
///    never reported as failed, never taken for a lost race.
/// 3. The latest manifest counts, and only that one: a damaged one is never passed over.
///
/// Thread-safe: it holds no state but a count.
public final class ManifestStore {
    private static final int CONFLICTS_MAX = 100;
    private static final Duration PAUSE_FIRST = Duration.ofMillis(5);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(1);

    // Far below the age at which a collector may remove a manifest that is not the latest.
    private static final Duration SLOW = Duration.ofSeconds(2);

    private final NumberedStore<ManifestVersion> numbered;
    private final Env env;
    private final Manifest initial;

    /// @param root the path of the database, empty for the store's root
    public ManifestStore(ObjectStore store, String root, Env env) {
        numbered =
                new NumberedStore<>(
                        store,
                        NumberedNames.manifests(root),
                        Boundary.ofManifests(store, root),
                        new Form(),
                        env);
        this.env = env;
        initial = WalStoreRule.initial(store, root);
    }

    private static final class Form implements NumberedStore.Form<ManifestVersion> {
        @Override
        public Bytes encode(long id, ManifestVersion version, Ulid putId) {
            return version.isOfVersion2()
                    ? ManifestCodec.encodeVersion2(version.manifest(), id, putId)
                    : ManifestCodec.encode(version.manifest(), id, putId);
        }

        @Override
        public NumberedStore.Found<ManifestVersion> decode(long id, Bytes object) {
            ManifestCodec.Decoded found = ManifestCodec.decode(object).inPlaceOf(id);
            var version = new ManifestVersion(id, found.manifest(), found.features());
            return new NumberedStore.Found<>(version, found.putId());
        }
    }

    /// How often another was faster to create the next one.
    public long conflicts() {
        return numbered.conflicts();
    }

    /// The latest manifest, or null if there is none.
    public @Nullable ManifestVersion latest() {
        return numbered.latest();
    }

    /// The latest manifest, which is `known` or a later one.
    public ManifestVersion newest(ManifestVersion known) {
        long last = numbered.lastId(known.id());
        return last == known.id() ? known : numbered.read(last);
    }

    /// The same, for who knows that the one after `known` has not been collected: where nothing has
    /// changed, one question by name is all that the store is asked.
    public ManifestVersion newestByName(ManifestVersion known) {
        return numbered.isThere(known.id() + 1) ? newest(known) : known;
    }

    /// True if manifest `id` is there.
    public boolean isThere(long id) {
        return numbered.isThere(id);
    }

    /// Manifest `id`, or null if there is none any more.
    public @Nullable ManifestVersion at(long id) {
        return numbered.find(id);
    }

    /// The first manifest that a new database would have.
    public Manifest initial() {
        return initial;
    }

    /// Makes the first manifest of a new database, or returns the latest if another was faster.
    public ManifestVersion create(Patience patience) throws InterruptedException {
        return create(initial, patience);
    }

    /// The same with `first` as the first.
    public ManifestVersion create(Manifest first, Patience patience) throws InterruptedException {
        var version = new ManifestVersion(1, first, Set.of());
        ManifestVersion mine = put(version, TakeOverWitness.NOBODY, patience);
        if (mine != null) return mine;
        ManifestVersion latest = latest();
        if (latest == null) throw new Unavailable("manifest there and gone again", null);
        return latest;
    }

    /// The epoch that manifest `id` raised, if it was put under `putId`; 0 if another was, or if it
    /// is not there.
    public long epochWonBy(long id, Ulid putId) {
        NumberedStore.Found<ManifestVersion> there = numbered.found(id);
        boolean isMeant = there != null && putId.equals(there.putId());
        return isMeant ? there.version().manifest().writerEpoch() : 0;
    }

    /// Raises the writer's epoch, on whatever manifest is the latest.
    public ManifestVersion takeOver(ManifestVersion known, Patience patience)
            throws InterruptedException {
        return takeOver(known, TakeOverWitness.NOBODY, patience);
    }

    /// The same; `witness` is told before each put that may do it.
    public ManifestVersion takeOver(
            ManifestVersion known, TakeOverWitness witness, Patience patience)
            throws InterruptedException {
        var edit = new ManifestEdit.TakeOver();
        return replace(known, new Change(edit, new Editor.Guest(), witness), patience);
    }

    /// Publishes `edit` for the writer of `epoch`. `known` is a manifest read before. Throws
    /// `Closed` if a newer writer has come, `Unavailable` if patience ended: the edit may have been
    /// made or not, and can be published again.
    public ManifestVersion publish(
            ManifestVersion known, ManifestEdit edit, long epoch, Patience patience)
            throws InterruptedException {
        return replace(known, Change.of(edit, new Editor.Writer(epoch)), patience);
    }

    /// Publishes `edit` for `editor`, as [#publish] does for the writer.
    public ManifestVersion publish(
            ManifestVersion known, ManifestEdit edit, Editor editor, Patience patience)
            throws InterruptedException {
        return replace(known, Change.of(edit, editor), patience);
    }

    /// Throws `Closed` if `version` was written under a newer writer than that of `epoch`.
    public void requireNotFenced(ManifestVersion version, long epoch) {
        new Editor.Writer(epoch).requireNotFenced(version);
    }

    // Who edits knows the tables of a database that is cut as the one it has read.
    private static void requireCutAs(ManifestVersion known, ManifestVersion latest) {
        String before = known.manifest().segmentExtractorName();
        String now = latest.manifest().segmentExtractorName();
        if (!Objects.equals(before, now))
            throw new Invalid(
                    "the database is cut otherwise than it was. manifest=`%d`, extractor=`%s`"
                            .formatted(latest.id(), now),
                    null);
    }

    /// How long an attempt may take, and what ends it early.
    public record Patience(Deadline deadline, Token token) {
        boolean isOver() {
            return deadline.isExpired() || token.isCancelled();
        }
    }

    private record Change(ManifestEdit edit, Editor editor, TakeOverWitness witness) {
        static Change of(ManifestEdit edit, Editor editor) {
            return new Change(edit, editor, TakeOverWitness.NOBODY);
        }
    }

    private ManifestVersion replace(ManifestVersion known, Change change, Patience patience)
            throws InterruptedException {
        ManifestEdit edit = change.edit;
        Editor editor = change.editor;
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        ManifestVersion latest = known;
        for (int conflict = 0; conflict < CONFLICTS_MAX; conflict++) {
            if (1 < conflict) patience.token().pause(backoff.next());
            Deadline slow = Deadline.after(env, SLOW);
            latest = newest(latest);
            editor.requireNotFenced(latest);
            requireCutAs(known, latest);
            Manifest next = edit.applyTo(latest);
            if (next == latest.manifest()) return latest;
            // In the version of the one before: what only the newer one can say would be lost.
            var version = new ManifestVersion(latest.id() + 1, next, latest.features());
            ManifestVersion mine = put(version, change.witness, patience);
            // Losing the race is an answer, not an accident: it is how a writer meets the
            // compactor, or learns that it was fenced.
            if (mine != null && (!slow.isExpired() || isStillMeant(mine, edit))) return mine;
        }
        throw new Unavailable("the manifest changed faster than it could be edited", null);
    }

    // After a long pause the id may have been taken, superseded and collected: then our object
    // stands where nobody looks.
    private boolean isStillMeant(ManifestVersion mine, ManifestEdit edit) {
        ManifestVersion newest = newest(mine);
        return newest == mine || edit.applyTo(newest) == newest.manifest();
    }

    // Null if another's manifest has the id.
    private @Nullable ManifestVersion put(
            ManifestVersion version, TakeOverWitness witness, Patience patience)
            throws InterruptedException {
        Ulid putId = Ulid.next(env);
        witness.about(version.id(), putId);
        return numbered.create(version.id(), version, putId, patience) ? version : null;
    }
}
