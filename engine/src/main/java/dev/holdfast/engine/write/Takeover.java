package dev.holdfast.engine.write;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.local.DatabaseOwner.Log;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.DropMark;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.SegmentGuard;
import dev.holdfast.engine.manifest.StoredProfile;
import dev.holdfast.engine.manifest.StreamMark;
import dev.holdfast.engine.manifest.WalStoreRule;
import dev.holdfast.engine.owner.Ownership;
import dev.holdfast.engine.wal.Fence;
import dev.holdfast.engine.wal.WalListing;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.objectstore.api.ObjectStore;
import org.jspecify.annotations.Nullable;

/// Makes this process the one writer of a database, and ends the writer before.
///
/// Invariants:
/// 1. Nothing is written before it is clear that the database can be written by this engine.
/// 2. The epoch is raised before the fence is put: whoever meets the fence finds the reason in the
///    manifest.
/// 3. Others are told of a local disk after the epoch is won and before anything rests on the disk;
///    then the manifest gets another number, so that nobody goes on who has not heard of it.
/// 4. When [#claim] returns, no put of an older writer can succeed any more, neither in the log nor
///    on the manifest.
public final class Takeover {
    /// What a takeover won.
    ///
    /// @param manifest the latest, under the new epoch
    /// @param fenceId the log object that ends the older log; everything up to it is to be replayed
    /// @param profile in which the database is written
    public record Claim(ManifestVersion manifest, long fenceId, Profile profile) {}

    /// Where the database lies, and for which engines it is to be written.
    ///
    /// @param segments how it is cut; null if it is not
    public record Place(
            ObjectStore store,
            String root,
            Env env,
            FormatProfile wanted,
            @Nullable SegmentRules segments) {}

    private final ManifestStore manifests;
    private final Place place;
    private final Fence fence;
    private final Ownership ownership;

    /// @param ownership is asked before each put that may win the epoch, and told of the one that
    ///   did
    public Takeover(ManifestStore manifests, Place place, Fence fence, Ownership ownership) {
        this.manifests = manifests;
        this.place = place;
        this.fence = fence;
        this.ownership = ownership;
    }

    /// The first six of the eight steps; replay and the first own put are the others.
    public Claim claim(Patience patience) throws InterruptedException {
        ManifestVersion latest = manifests.latest();
        if (latest == null) latest = create(patience);
        Profile profile = requireWritable(latest);
        var found = WalListing.newest(manifests, latest, place.store, place.root);
        if (found.manifest().id() != latest.id()) profile = requireWritable(found.manifest());
        fence.writeFor(profile);
        WalListing log = allowed(found.log(), profile);

        ManifestVersion mine = manifests.takeOver(found.manifest(), ownership, patience);
        long epoch = mine.manifest().writerEpoch();
        // The older writer may have published meanwhile, and a collector removed what was listed.
        if (log.last() < mine.manifest().replayAfterWalId()) log = listing(mine, profile);

        long fenceId =
                fence.raise(
                        log.last() + 1,
                        () -> manifests.requireNotFenced(manifests.newest(mine), epoch),
                        patience.deadline(),
                        patience.token());
        ownership.won(epoch, neededOf(mine), patience);
        return new Claim(latest(mine, epoch, patience), fenceId, profile);
    }

    // Another opener may have looked for owners before this one's word was there, and be about to
    // take over from the manifest that it knows. Under a new number it meets this one, and looks
    // again.
    private ManifestVersion latest(ManifestVersion mine, long epoch, Patience patience)
            throws InterruptedException {
        if (ownership.restsOnADisk())
            return manifests.publish(mine, new ManifestEdit.Restated(), epoch, patience);
        ManifestVersion latest = manifests.newest(mine);
        manifests.requireNotFenced(latest, epoch);
        return latest;
    }

    private static Log neededOf(ManifestVersion version) {
        return StreamMark.isIn(version.manifest()) ? Log.WHOLE : Log.SPARE;
    }

    // The compactor's state tells the profile, so it comes first: whoever finds the manifest finds
    // that too.
    private ManifestVersion create(Patience patience) throws InterruptedException {
        if (place.wanted == FormatProfile.SLATEDB_0_15)
            new CompactionsStore(place.store, place.root, place.env)
                    .begin(CompactionsCodec.VERSION_NEWER, patience);
        return manifests.create(SegmentGuard.first(manifests.initial(), place.segments), patience);
    }

    // Nobody but a newer writer has tables made of what is missing.
    private WalListing listing(ManifestVersion mine, Profile profile) {
        try {
            long after = mine.manifest().replayAfterWalId();
            return allowed(WalListing.read(place.store, place.root, after), profile);
        } catch (CorruptData gap) {
            manifests.requireNotFenced(manifests.newest(mine), mine.manifest().writerEpoch());
            throw gap;
        }
    }

    private static WalListing allowed(WalListing log, Profile profile) {
        if (log.hasEmptyObject())
            StoredProfile.requireFenceWithoutBytes(profile, "behind=`" + log.after() + "`");
        return log;
    }

    private Profile requireWritable(ManifestVersion version) {
        Profile profile =
                StoredProfile.requireWritable(
                        version, place.store, place.root, place.wanted, place.segments);
        DropMark.requireReady(version);
        WalStoreRule.require(version, place.store, place.root);
        return profile;
    }
}
