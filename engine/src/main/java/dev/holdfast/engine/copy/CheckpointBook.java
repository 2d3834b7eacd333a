package dev.holdfast.engine.copy;

import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.StoredCheckpoint;
import dev.holdfast.engine.manifest.CheckpointIds;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.StoredProfile;
import dev.holdfast.engine.wal.WalListing;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.lifecycle.durable.Durable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The checkpoints of one database, made, changed and taken away by whoever has its store.
///
/// Invariants:
/// 1. A checkpoint keeps all that was in the store when it was asked for, the log included: its
///    manifest names the log as far as it was seen.
/// 2. It is the same checkpoint however often the call is repeated with its id.
///
/// Thread-safe.
public final class CheckpointBook {

    private final Place place;
    private final String root;
    private final ManifestStore manifests;

    /// @param root the path of the database, empty for the store's root
    public CheckpointBook(Place place, String root) {
        this.place = place;
        this.root = root;
        manifests = place.manifests(root);
    }

    /// A checkpoint, and the manifest that has it.
    public record Made(StoredCheckpoint checkpoint, ManifestVersion version) {}

    /// Makes a checkpoint of all that is in the store, or of another checkpoint's moment.
    public Made create(CheckpointOptions options) throws InterruptedException {
        ManifestVersion newest = place.newest(root);
        Checkpoint wanted = wanted(options);
        ManifestVersion made =
                manifests.publish(
                        newest,
                        edit(options, wanted, newest),
                        new Editor.Guest(),
                        place.patience());
        Checkpoint there = CheckpointEdits.find(made.manifest(), wanted.id());
        if (there == null) throw new Unavailable("the checkpoint came and went", null);
        return new Made(stored(there), made);
    }

    private Checkpoint wanted(CheckpointOptions options) {
        UUID id = options.id();
        Duration lifetime = options.lifetime();
        return new Checkpoint(
                id == null ? CheckpointIds.fresh(place.env()) : id,
                0,
                endOf(lifetime),
                place.nowSeconds(),
                options.name());
    }

    private long endOf(@Nullable Duration lifetime) {
        return lifetime == null ? 0 : place.nowSeconds() + lifetime.toSeconds();
    }

    private ManifestEdit edit(
            CheckpointOptions options, Checkpoint wanted, ManifestVersion newest) {
        UUID source = options.source();
        if (source != null) {
            requireGoingOn(source, newest);
            return new CheckpointEdits.Of(source, wanted);
        }
        return new CheckpointEdits.Here(wanted, logSeen(newest));
    }

    // What an ended one keeps may be gone at any time.
    private void requireGoingOn(UUID source, ManifestVersion newest) {
        Checkpoint there = CheckpointEdits.find(newest.manifest(), source);
        if (there != null && stored(there).hasEndedAt(place.env().currentTimeMillis()))
            throw new Invalid("the checkpoint has ended. checkpoint=`" + source + "`", null);
    }

    private Durable<Long> logSeen(ManifestVersion known) {
        var seen = WalListing.newest(manifests, known, place.store(), root);
        if (seen.log().hasEmptyObject())
            StoredProfile.requireFenceWithoutBytes(
                    StoredProfile.of(seen.manifest(), place.store(), root),
                    "behind=`" + seen.log().after() + "`");
        return Durable.confirmed(seen.log().last());
    }

    /// Has checkpoint `id` end `lifetime` from now, or never if that is null.
    public StoredCheckpoint refresh(UUID id, @Nullable Duration lifetime)
            throws InterruptedException {
        var edit = new CheckpointEdits.Term(id, endOf(lifetime));
        ManifestVersion changed =
                manifests.publish(place.newest(root), edit, new Editor.Guest(), place.patience());
        Checkpoint there = CheckpointEdits.find(changed.manifest(), id);
        if (there == null) throw new Invalid("no such checkpoint. checkpoint=`" + id + "`", null);
        return stored(there);
    }

    /// All that are there.
    public List<StoredCheckpoint> list() {
        return place.newest(root).manifest().checkpoints().stream()
                .map(CheckpointBook::stored)
                .toList();
    }

    /// Takes checkpoint `id` away, unless a clone lives on it; false if it was not there.
    public boolean delete(UUID id) throws InterruptedException {
        ManifestVersion newest = place.newest(root);
        Checkpoint there = CheckpointEdits.find(newest.manifest(), id);
        if (there == null) return false;
        if (Attachment.isNeeded(there, root, place))
            throw new Conflict(
                    "a clone lives on the checkpoint: detach it, or drop it. clone=`%s`"
                            .formatted(Attachment.cloneOf(there)));
        release(newest, id);
        return true;
    }

    /// Takes checkpoint `id` away, whoever needs it.
    void release(ManifestVersion known, UUID id) throws InterruptedException {
        var edit = new ManifestEdit.CheckpointsEnded(Set.of(id), 0);
        manifests.publish(known, edit, new Editor.Guest(), place.patience());
    }

    static StoredCheckpoint stored(Checkpoint checkpoint) {
        return new StoredCheckpoint(
                checkpoint.id(),
                checkpoint.name(),
                checkpoint.manifestId(),
                checkpoint.createSeconds(),
                checkpoint.expireSeconds());
    }
}
