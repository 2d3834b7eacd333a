package dev.holdfast.engine.upgrade;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import dev.holdfast.engine.api.upkeep.UpgradeRules;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.StoredProfile;
import dev.holdfast.engine.manifest.TakeOverWitness;
import dev.holdfast.engine.owner.Ownership;
import dev.holdfast.engine.wal.Fence;
import dev.holdfast.engine.wal.WalListing;
import dev.holdfast.engine.write.Takeover;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;
import java.util.function.UnaryOperator;

/// Makes a database one of the newer profile.
///
/// Invariants:
/// 1. One put makes it so: that of the compactor's state in its newer version. Before it the
///    database has the older profile, after it the newer one, whenever this is cut short.
/// 2. Before that put everybody who writes in the older profile is fenced, writer and compactor.
/// 3. What is repeated ends the same.
public final class ProfileUpgrade {
    private final Place place;
    private final ManifestStore manifests;

    /// Where the database lies.
    ///
    /// @param patience the longest that each step takes
    public record Place(ObjectStore store, String root, Env env, Token token, Duration patience) {}

    public ProfileUpgrade(Place place) {
        this.place = place;
        manifests = new ManifestStore(place.store(), place.root(), place.env());
    }

    /// Upgrades; does nothing if that was done before. Throws `Invalid` if there is no database, if
    /// it has what is only read; `Conflict` if it changes while it is watched; `OwnedElsewhere` if
    /// another node's disk may have commits that the store does not have.
    public void run(UpgradeRules rules) throws InterruptedException {
        ManifestVersion newest = manifests.latest();
        if (newest == null)
            throw new Invalid("no database here. path=`" + place.root() + "`", null);
        Profile profile = StoredProfile.requireWritable(newest, place.store(), place.root());
        if (profile == Profile.SLATEDB_0_15) return;
        if (rules.watch().isPositive()) requireQuiet(newest, rules.watch());
        ManifestVersion fenced = fenceWriter().manifest();
        ManifestVersion mine =
                manifests.publish(
                        fenced,
                        new ManifestEdit.TakeOverCompaction(),
                        new Editor.Writer(fenced.manifest().writerEpoch()),
                        patience());
        new CompactionsStore(place.store(), place.root(), place.env())
                .takeOver(
                        mine.manifest().compactorEpoch(),
                        CompactionsCodec.VERSION_NEWER,
                        UnaryOperator.identity(),
                        patience());
    }

    private void requireQuiet(ManifestVersion before, Duration watch) throws InterruptedException {
        long last = lastLog(before);
        place.token().pause(watch);
        ManifestVersion after = manifests.newest(before);
        if (after.id() != before.id() || lastLog(after) != last)
            throw new Conflict(
                    "somebody writes to the database: stop that first, or have it fenced. path=`"
                            + place.root()
                            + "`");
    }

    private long lastLog(ManifestVersion version) {
        return WalListing.newest(manifests, version, place.store(), place.root()).log().last();
    }

    private Takeover.Claim fenceWriter() throws InterruptedException {
        var fence = new Fence(place.store(), place.root(), place.env());
        var here = new Ownership.Place(place.store(), place.root(), place.env());
        var ownership =
                new Ownership(
                        here,
                        new Ownership.Claimant(null, Ownership.Word.NONE),
                        TakeOverWitness.NOBODY);
        var at =
                new Takeover.Place(
                        place.store(), place.root(), place.env(), FormatProfile.AS_FOUND, null);
        return new Takeover(manifests, at, fence, ownership).claim(patience());
    }

    private Patience patience() {
        return new Patience(Deadline.after(place.env(), place.patience()), place.token());
    }
}
