package dev.holdfast.engine.follow;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.follow.Follower.Reached;
import dev.holdfast.engine.manifest.CheckpointIds;
import dev.holdfast.engine.manifest.DropMark;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.lifecycle.wait.Token;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The moment of one checkpoint, and the checkpoint itself: our own, or another's.
///
/// Thread-safe but for [#close].
public final class Pin implements AutoCloseable {
    private static final int ATTEMPTS_MAX = 4;
    private static final Duration ATTEMPT = Duration.ofSeconds(30);
    private static final String OWNER = "reader";

    private final Env env;
    private final ManifestStore manifests;
    private final UUID id;
    private final @Nullable Duration lifetime;
    private final Follower follower;
    private final Moment moment;
    private final long atNanos;

    private Pin(
            Place place, UUID id, @Nullable Duration lifetime, Follower follower, long atNanos) {
        env = place.env();
        manifests = new ManifestStore(place.store(), place.root(), env);
        this.id = id;
        this.lifetime = lifetime;
        this.follower = follower;
        moment = follower.moment();
        this.atNanos = atNanos;
    }

    /// Opens the moment of another's checkpoint: its tables, and the log as far as its manifest
    /// names it. Throws `Invalid` if there is no such checkpoint, `Closed(EXPIRED)` if it has
    /// ended.
    public static Pin at(UUID id, Place place, Token token) throws InterruptedException {
        var manifests = new ManifestStore(place.store(), place.root(), place.env());
        ManifestVersion newest = newest(manifests, place);
        requireNotEnded(id, newest, place.env());
        ManifestVersion version = versionOf(id, newest, manifests);
        if (version == null) throw new Invalid("no such checkpoint. checkpoint=`" + id + "`", null);
        var start = new Start(Follower.at(version, place, token), place.env().nanoTime());
        return opened(place, id, null, start, version.manifest().walIdLastSeen());
    }

    /// Makes a checkpoint of the newest manifest, and opens it with the whole log behind it.
    public static Pin make(Duration lifetime, Place place, Token token)
            throws InterruptedException {
        var manifests = new ManifestStore(place.store(), place.root(), place.env());
        long atNanos = place.env().nanoTime();
        ManifestVersion newest = newest(manifests, place);
        for (int attempt = 1; ; attempt++) {
            UUID id = CheckpointIds.fresh(place.env());
            var patience = new Patience(Deadline.after(place.env(), place.patience()), token);
            ManifestVersion made =
                    manifests.publish(
                            newest, made(id, lifetime, place.env()), new Editor.Guest(), patience);
            Pin pin = null;
            try {
                ManifestVersion version = versionOf(id, made, manifests);
                if (version == null) throw new Unavailable("a checkpoint came and went", null);
                var start = new Start(Follower.at(version, place, token), atNanos);
                pin = opened(place, id, lifetime, start, Long.MAX_VALUE);
                return pin;
            } catch (CorruptData gone) {
                // The checkpoint does not keep the log behind its manifest's mark.
                atNanos = place.env().nanoTime();
                newest = manifests.newest(made);
                if (!gone.isMissing() || attempt == ATTEMPTS_MAX) throw gone;
            } finally {
                if (pin == null) letGo(id, newest, manifests, patience);
            }
        }
    }

    // What went wrong before counts more than this, and a checkpoint ends by itself.
    private static void letGo(
            UUID id, ManifestVersion known, ManifestStore manifests, Patience patience)
            throws InterruptedException {
        try {
            manifests.publish(known, givenUp(id), new Editor.Guest(), patience);
        } catch (Unavailable | CorruptData notNow) {
            System.getLogger(Pin.class.getName())
                    .log(
                            System.Logger.Level.DEBUG,
                            "checkpoint not given up: {0}",
                            notNow.getMessage());
        }
    }

    /// From where the log is read, and since when the tables are those of the newest manifest: it
    /// may have been put long before its writer knew, and what came past the log is in no log.
    private record Start(Follower follower, long atNanos) {}

    private static Pin opened(
            Place place, UUID id, @Nullable Duration lifetime, Start start, long lastWalId)
            throws InterruptedException {
        Follower follower = start.follower;
        Pin pin = null;
        try {
            Reached reached = follower.readLog(lastWalId);
            long walId = follower.moment().walId();
            StorageException wrong = wrong(reached, walId, lastWalId);
            if (wrong != null) throw wrong;
            pin = new Pin(place, id, lifetime, follower, start.atNanos);
            return pin;
        } finally {
            if (pin == null) follower.close();
        }
    }

    private static @Nullable StorageException wrong(Reached reached, long walId, long lastWalId) {
        boolean isEndKnown = lastWalId != Long.MAX_VALUE;
        return switch (reached) {
            case MEMORY -> new Unavailable("no memory for the log behind the tables", null);
            case MOVING -> CorruptData.missing("log collected. after=`" + walId + "`");
            case END ->
                    isEndKnown && walId < lastWalId
                            ? CorruptData.missing("log ends too early. last=`" + walId + "`")
                            : null;
        };
    }

    private static ManifestVersion newest(ManifestStore manifests, Place place) {
        ManifestVersion newest = manifests.latest();
        if (newest == null)
            throw new Invalid("no database here. path=`" + place.root() + "`", null);
        DropMark.requireReady(newest);
        return newest;
    }

    // What it kept may be collected at any time.
    private static void requireNotEnded(UUID id, ManifestVersion newest, Env env) {
        for (Checkpoint each : newest.manifest().checkpoints()) {
            long end = 1000 * each.expireSeconds();
            if (each.id().equals(id) && 0 < end && end <= env.currentTimeMillis())
                throw new Closed(
                        Closed.Reason.EXPIRED,
                        "the checkpoint has ended. checkpoint=`" + id + "`",
                        null);
        }
    }

    private static @Nullable ManifestVersion versionOf(
            UUID id, ManifestVersion newest, ManifestStore manifests) {
        for (Checkpoint each : newest.manifest().checkpoints()) {
            if (!each.id().equals(id)) continue;
            ManifestVersion version = manifests.at(each.manifestId());
            if (version != null) return version;
            throw CorruptData.missing(
                    "DATA_MISSING: the manifest of a checkpoint. manifest=`%d`"
                            .formatted(each.manifestId()));
        }
        return null;
    }

    private static ManifestEdit made(UUID id, Duration lifetime, Env env) {
        long now = env.currentTimeMillis() / 1000;
        return new ManifestEdit.Checkpointed(id, now, now + lifetime.toSeconds(), OWNER);
    }

    private static ManifestEdit givenUp(UUID id) {
        return new ManifestEdit.CheckpointsEnded(Set.of(id), 0);
    }

    /// Extends the checkpoint by its lifetime from now. False if it is gone.
    boolean extend(Token token) throws InterruptedException {
        Duration more = lifetime();
        long until = env.currentTimeMillis() / 1000 + more.toSeconds();
        var edit = new ManifestEdit.CheckpointExtended(id, until);
        var patience = new Patience(Deadline.after(env, ATTEMPT).atMost(more), token);
        return isIn(manifests.publish(newest(), edit, new Editor.Guest(), patience));
    }

    /// Takes the checkpoint out of the manifest.
    void giveUp(Token token) throws InterruptedException {
        var patience = new Patience(Deadline.after(env, ATTEMPT), token);
        manifests.publish(newest(), givenUp(id), new Editor.Guest(), patience);
    }

    /// True if the newest manifest has the checkpoint.
    boolean isThere() {
        return isIn(newest());
    }

    private boolean isIn(ManifestVersion version) {
        return version.manifest().checkpoints().stream().anyMatch(each -> each.id().equals(id));
    }

    private ManifestVersion newest() {
        return manifests.newest(moment.version());
    }

    /// True if it was made here, and so is to be kept and given up.
    boolean isOwn() {
        return lifetime != null;
    }

    /// How long the checkpoint lasts from its last extension on; only if it is our own.
    Duration lifetime() {
        Duration own = lifetime;
        if (own == null) throw new IllegalStateException("the checkpoint is another's");
        return own;
    }

    UUID id() {
        return id;
    }

    Moment moment() {
        return moment;
    }

    /// When the moment was the newest, for one's own checkpoint; else when it was opened.
    long atNanos() {
        return atNanos;
    }

    @Override
    public void close() {
        follower.close();
    }
}
