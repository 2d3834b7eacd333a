package dev.holdfast.engine.follow;

import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.DropMark;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.WalStoreRule;
import dev.holdfast.engine.memory.MemoryAccount;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.format.manifest.Stage;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Duration;
import java.util.function.Consumer;

/// Moves from moment to moment as a writer elsewhere goes on: reads what is new of the log, then
/// looks whether the manifest is still the newest.
///
/// Invariants:
/// 1. Moments only move forward, and each is consistent by itself.
/// 2. A look that says it came to the end has found everything that was durable when it began: had
///    a log object been collected before it could be read, there would be a newer manifest.
///
/// One thread at a time.
final class Follower implements AutoCloseable {
    /// How a look ended.
    enum Reached {
        /// The end of the log, behind the newest manifest.
        END,
        /// As much of the log as there is memory for.
        MEMORY,
        /// A point from which the writer moved on faster than it could be followed.
        MOVING
    }

    private static final int ROUNDS_MAX = 16;

    // Far below the age at which a collector may remove a manifest that is not the latest.
    private static final Duration SLOW = Duration.ofSeconds(2);

    private final Place place;
    private final ManifestStore manifests;
    private final LogAhead ahead;
    private final WalReplayer replayer;
    private final LogTail tail;
    private final Consumer<Moment> shown;
    private Deadline recent;

    private Follower(Place place, ManifestVersion version, Token token, Consumer<Moment> shown) {
        WalStoreRule.require(version, place.store(), place.root());
        this.place = place;
        this.shown = shown;
        manifests = new ManifestStore(place.store(), place.root(), place.env());
        ahead = new LogAhead(place.store(), place.root());
        Moment first = Moment.of(version, tablesOf(version));
        replayer =
                new WalReplayer(place.store(), place.root(), place.env(), token, first.seq())
                        .openedBy(place.sealing());
        MemoryAccount memory = place.cache().memory().account();
        tail = new LogTail(first, memory, place.settings().tailMax(), this::isNewest);
        recent = Deadline.after(place.env(), SLOW);
    }

    /// One that begins at the tables of the newest manifest. `shown` is told of every later moment.
    /// Throws `Invalid` if there is no database.
    static Follower atNewest(Place place, Token token, Consumer<Moment> shown) {
        var manifests = new ManifestStore(place.store(), place.root(), place.env());
        ManifestVersion version = manifests.latest();
        if (version == null)
            throw new Invalid(
                    "no database here. store=`%s`, path=`%s`"
                            .formatted(place.store().url(), place.root()),
                    null);
        DropMark.requireReady(version);
        return new Follower(place, version, token, shown);
    }

    /// One that begins at the tables of `version`.
    static Follower at(ManifestVersion version, Place place, Token token) {
        return new Follower(place, version, token, _ -> {});
    }

    private TableStore tablesOf(ManifestVersion version) {
        TablePaths paths = TablePaths.of(place.root(), version.manifest());
        return new TableStore(place.store(), paths, place.cache(), place.sealing(), place.env())
                .with(place.filters());
    }

    /// The moment that was reached.
    Moment moment() {
        return tail.moment();
    }

    /// Looks for what is newer. Throws `Unavailable` or `CorruptData` if it cannot: what was
    /// reached till then stands.
    Reached look() throws InterruptedException {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Reached reached = readLog(Long.MAX_VALUE);
            if (!moveOn()) return reached;
        }
        return Reached.MOVING;
    }

    /// The same for who has reason to think that the manifest after the one last seen is gone.
    Reached lookAround() throws InterruptedException {
        recent = Deadline.after(place.env(), Duration.ZERO);
        return look();
    }

    /// Reads the log up to object `last`, or to its end if that comes before.
    Reached readLog(long last) throws InterruptedException {
        try {
            while (tail.moment().walId() < last) {
                long id = tail.moment().walId() + 1;
                ObjectMeta object = ahead.find(id);
                if (object == null && recent.isExpired()) object = ahead.findByListing(id);
                if (object == null) return Reached.END;
                if (!tail.tryReserve(object.size())) return Reached.MEMORY;
                if (!replayer.replay(id - 1, id, tail)) return Reached.END;
                shown.accept(tail.moment());
            }
            return Reached.END;
        } catch (CorruptData gone) {
            // What a newer manifest no longer needs may have been collected since it was found.
            if (!gone.isMissing() || !isCovered(tail.moment().walId() + 1)) throw gone;
            return Reached.MOVING;
        } catch (ObjectStoreException unanswered) {
            throw new Unavailable("log not readable: " + unanswered.getMessage(), unanswered);
        } finally {
            tail.settle();
        }
    }

    private boolean isNewest(ManifestVersion version) {
        return manifests.newest(version).id() == version.id();
    }

    private boolean isCovered(long walId) {
        ManifestVersion newest = manifests.newest(tail.moment().version());
        return walId <= newest.manifest().replayAfterWalId();
    }

    // True if there was a newer manifest. By name only if the next one cannot have been collected.
    private boolean moveOn() {
        ManifestVersion known = tail.moment().version();
        Deadline next = Deadline.after(place.env(), SLOW);
        ManifestVersion newest =
                recent.isExpired() ? newestListed(known) : manifests.newestByName(known);
        recent = next;
        if (newest.id() == known.id()) return false;
        if (newest.manifest().stage() != Stage.READY)
            throw new Closed(Closed.Reason.EXPIRED, "the database was dropped", null);
        tail.moveTo(newest, tablesOf(newest));
        replayer.skipTo(newest.manifest().lastL0Seq());
        shown.accept(tail.moment());
        return true;
    }

    // The newest of all is never collected: without it the database itself is gone.
    private ManifestVersion newestListed(ManifestVersion known) {
        ManifestVersion newest = manifests.newest(known);
        if (newest.id() == known.id() && !manifests.isThere(known.id()))
            throw new Unavailable("the manifest is gone. manifest=`" + known.id() + "`", null);
        return newest;
    }

    /// Gives the memory back that it holds.
    @Override
    public void close() {
        tail.close();
    }
}
