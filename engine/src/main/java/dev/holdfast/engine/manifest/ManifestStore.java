package dev.holdfast.engine.manifest;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.ManifestCodec;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
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
/// Thread-safe: it holds no state.
public final class ManifestStore {
    private static final int CONFLICTS_MAX = 100;
    private static final Duration PAUSE_FIRST = Duration.ofMillis(5);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(1);

    // Far below the age at which a collector may remove a manifest that is not the latest.
    private static final Duration SLOW = Duration.ofMinutes(1);

    private final ObjectStore store;
    private final NumberedNames names;
    private final Env env;

    /// @param root the path of the database, empty for the store's root
    public ManifestStore(ObjectStore store, String root, Env env) {
        this.store = store;
        names = NumberedNames.manifests(root);
        this.env = env;
    }

    /// The latest manifest, or null if there is none.
    public @Nullable ManifestVersion latest() {
        long last = lastId(0);
        return last == 0 ? null : read(last);
    }

    /// The latest manifest, which is `known` or a later one.
    public ManifestVersion newest(ManifestVersion known) {
        long last = lastId(known.id());
        return last == known.id() ? known : read(last);
    }

    /// Manifest `id`, or null if there is none any more.
    public @Nullable ManifestVersion at(long id) {
        ManifestCodec.Decoded found = find(id);
        return found == null ? null : new ManifestVersion(id, found.manifest(), found.features());
    }

    // Listings may lag, names do not: look one by one behind what was listed.
    private long lastId(long known) {
        long last = known;
        String position = names.name(known);
        while (true) {
            String after = position;
            List<ObjectMeta> page =
                    asked(() -> store.list(names.prefix(), after, ObjectStore.LIST_LIMIT_MAX));
            for (ObjectMeta object : page) {
                position = object.name();
                last = Math.max(last, names.id(position));
            }
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) break;
        }
        while (isThere(names.name(last + 1))) last++;
        return last;
    }

    private boolean isThere(String name) {
        return asked(() -> store.head(name)) != null;
    }

    private ManifestVersion read(long id) {
        ManifestVersion found = at(id);
        if (found == null)
            throw new Unavailable("manifest gone. object=`" + names.name(id) + "`", null);
        return found;
    }

    private ManifestCodec.@Nullable Decoded find(long id) {
        try {
            return findOnce(id);
        } catch (FormatException _) { // damage on the way is healed by reading once more
            try {
                return findOnce(id);
            } catch (FormatException wrong) {
                throw new CorruptData(
                        wrong.getMessage() + ". object=`" + names.name(id) + "`", wrong);
            }
        }
    }

    private ManifestCodec.@Nullable Decoded findOnce(long id) {
        Bytes object = asked(() -> store.get(names.name(id)));
        return object == null ? null : ManifestCodec.decode(object);
    }

    private static <T> @Nullable T asked(Supplier<@Nullable T> question) {
        try {
            return question.get();
        } catch (ObjectStoreException unanswered) {
            throw new Unavailable("manifests not readable: " + unanswered.getMessage(), unanswered);
        }
    }

    /// Makes the first manifest of a new database, or returns the latest if another was faster.
    public ManifestVersion create(Patience patience) throws InterruptedException {
        ManifestVersion first = put(1, Manifest.initial(), patience);
        if (first != null) return first;
        ManifestVersion latest = latest();
        if (latest == null) throw new Unavailable("manifest there and gone again", null);
        return latest;
    }

    /// Raises the writer's epoch, on whatever manifest is the latest.
    public ManifestVersion takeOver(ManifestVersion known, Patience patience)
            throws InterruptedException {
        return replace(known, new ManifestEdit.TakeOver(), Long.MAX_VALUE, patience);
    }

    /// Publishes `edit` for the writer of `epoch`. `known` is a manifest read before. Throws
    /// `Closed` if a newer writer has come, `Unavailable` if patience ended: the edit may have been
    /// made or not, and can be published again.
    public ManifestVersion publish(
            ManifestVersion known, ManifestEdit edit, long epoch, Patience patience)
            throws InterruptedException {
        return replace(known, edit, epoch, patience);
    }

    /// Throws `Closed` if `version` was written under a newer writer than that of `epoch`.
    public void requireNotFenced(ManifestVersion version, long epoch) {
        if (epoch < version.manifest().writerEpoch())
            throw new Closed(
                    Closed.Reason.FENCED,
                    "fenced by a newer writer. epoch=`%d`, newer=`%d`, manifest=`%d`"
                            .formatted(epoch, version.manifest().writerEpoch(), version.id()),
                    null);
    }

    /// Throws `Invalid` if `version` holds what manifests of the profile that is written here
    /// cannot say, so that it would be lost.
    public static void requireOlderProfile(ManifestVersion version) {
        if (!version.features().isEmpty() || version.manifest().needsVersion2())
            throw new Invalid(
                    "written by a newer engine, can only be read. manifest=`%d`, features=`%s`"
                            .formatted(version.id(), version.features()),
                    null);
    }

    /// How long an attempt may take, and what ends it early.
    public record Patience(Deadline deadline, Token token) {
        boolean isOver() {
            return deadline.isExpired() || token.isCancelled();
        }
    }

    private ManifestVersion replace(
            ManifestVersion known, ManifestEdit edit, long epoch, Patience patience)
            throws InterruptedException {
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        ManifestVersion latest = known;
        for (int conflict = 0; conflict < CONFLICTS_MAX; conflict++) {
            if (1 < conflict) patience.token().pause(backoff.next());
            Deadline slow = Deadline.after(env, SLOW);
            latest = newest(latest);
            requireNotFenced(latest, epoch);
            requireOlderProfile(latest);
            Manifest next = edit.applyTo(latest.manifest());
            if (next == latest.manifest()) return latest;
            ManifestVersion mine = put(latest.id() + 1, next, patience);
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
        return newest == mine || edit.applyTo(newest.manifest()) == newest.manifest();
    }

    // Null if another's manifest has the id.
    private @Nullable ManifestVersion put(long id, Manifest manifest, Patience patience)
            throws InterruptedException {
        String name = names.name(id);
        Ulid putId = Ulid.next(env);
        Bytes encoded = ManifestCodec.encode(manifest, putId);
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        RuntimeException failure = null;
        boolean isUnknown = false;
        do {
            try {
                switch (store.putIfAbsent(name, List.of(encoded), putId)) {
                    case PutResult.Stored _ -> {
                        return new ManifestVersion(id, manifest, Set.of());
                    }
                    case PutResult.AlreadyExists _ -> {}
                    case PutResult.Unknown lost -> {
                        isUnknown = true;
                        failure = lost.cause();
                    }
                }
                ManifestCodec.Decoded there = find(id);
                if (there != null)
                    return putId.equals(there.putId())
                            ? new ManifestVersion(id, manifest, Set.of())
                            : null;
            } catch (ObjectStoreException.Unavailable | Unavailable unanswered) {
                failure = unanswered;
            } catch (ObjectStoreException.Refused refused) {
                failure = refused;
                if (!isUnknown) break;
            }
            // Nothing found: the same put with the same id can be repeated, whatever became of it.
            patience.token().pause(backoff.next());
        } while (!patience.isOver());
        throw new Unavailable("manifest outcome unknown. object=`" + name + "`", failure);
    }
}
