package dev.holdfast.engine.change;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.ChangeStream.Position;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.local.DatabaseOwner;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.StreamEdit;
import dev.holdfast.engine.manifest.StreamMark;
import dev.holdfast.engine.owner.OwnerBook;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.lifecycle.wait.Token;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The name of a consumer in the manifest, as a checkpoint that ends by itself.
///
/// Invariants:
/// 1. While it stands, collectors leave the log from its place on, and no commit behind its
///    `wholeSeq` is left out of the log.
/// 2. It is made only where no writer is open that leaves commits out of the log: every later one
///    sees it when it opens.
/// 3. One that has ended never comes back: under the same name another is made, which promises
///    nothing of what lies before.
///
/// One thread at a time.
final class Registration {
    private static final System.Logger LOG = System.getLogger(Registration.class.getName());
    private static final int RENEWALS = 3; // in one lease
    private static final int RETRIES = 4; // of a renewal before the next is due

    private final Place place;
    private final Env env;
    private final ManifestStore manifests;
    private final Token token;
    private final Duration lease;
    private UUID id;
    private StreamMark mark;
    private boolean isChanged;
    private long keptUntilMillis;
    private Deadline due;

    private Registration(Place place, Token token, Duration lease, UUID id, StreamMark mark) {
        this.place = place;
        this.token = token;
        this.lease = lease;
        this.id = id;
        this.mark = mark;
        env = place.env();
        manifests = new ManifestStore(place.store(), place.root(), env);
        due = Deadline.after(env, Duration.ZERO);
    }

    /// The one called `name` in `newest`; null if there is none.
    static @Nullable StreamMark markIn(ManifestVersion newest, String name) {
        Checkpoint there = checkpointIn(newest, name);
        return there == null ? null : StreamMark.of(there);
    }

    private static @Nullable Checkpoint checkpointIn(ManifestVersion newest, String name) {
        for (Checkpoint each : newest.manifest().checkpoints()) {
            StreamMark mark = StreamMark.of(each);
            if (mark != null && mark.name().equals(name)) return each;
        }
        return null;
    }

    private static @Nullable StreamMark markOf(ManifestVersion version, UUID id) {
        for (Checkpoint each : version.manifest().checkpoints())
            if (each.id().equals(id)) return StreamMark.of(each);
        return null;
    }

    /// Makes one, or goes on with the one that is there. `from` is where the consumer reads on;
    /// null for where the present one stands, and for a new one right behind the tables.
    static Registration take(
            Place place, Token token, String name, @Nullable Position from, Duration lease)
            throws InterruptedException {
        var manifests = new ManifestStore(place.store(), place.root(), place.env());
        ManifestVersion newest = manifests.latest();
        if (newest == null)
            throw new Invalid("no database here. path=`" + place.root() + "`", null);
        Checkpoint there = checkpointIn(newest, name);
        StreamMark mark = there == null ? null : StreamMark.of(there);
        if (there != null && mark != null) {
            StreamMark moved = from == null ? mark : mark.at(from.walId(), from.seq());
            var present = new Registration(place, token, lease, there.id(), moved);
            present.isChanged = true;
            if (present.isRenewed(newest)) return present;
        }
        return made(place, token, new Wish(name, from, lease), newest);
    }

    /// What a consumer asks for.
    ///
    /// @param from where it begins; null for right behind the tables
    private record Wish(String name, @Nullable Position from, Duration lease) {}

    private static Registration made(Place place, Token token, Wish wish, ManifestVersion newest)
            throws InterruptedException {
        Duration lease = wish.lease;
        requireWholeLog(place);
        UUID id = freshId(place.env());
        var manifests = new ManifestStore(place.store(), place.root(), place.env());
        long now = place.env().currentTimeMillis() / 1000;
        long until = now + lease.toSeconds();
        var edit = new StreamEdit.Registered(id, wish.name, wish.from, now, until);
        var patience = new Patience(Deadline.after(place.env(), place.patience()), token);
        ManifestVersion with = manifests.publish(newest, edit, new Editor.Guest(), patience);
        boolean isSafe = false;
        try {
            // A writer that opened meanwhile without having seen it has left its word by now.
            requireWholeLog(place);
            StreamMark mark = markOf(with, id);
            if (mark == null) throw new Unavailable("a checkpoint came and went", null);
            var made = new Registration(place, token, lease, id, mark);
            made.renewed(until);
            isSafe = true;
            return made;
        } finally {
            if (!isSafe) giveUp(manifests, with, id, patience);
        }
    }

    // Once a writer has said that it leaves commits out, only its next opening can change that.
    private static void requireWholeLog(Place place) {
        DatabaseOwner owner = OwnerBook.read(place.store(), place.root()).owner();
        if (owner == null || !owner.mayLeaveOut()) return;
        throw new Invalid(
                ("the writer leaves commits out of the store's log, as its tables have them:"
                                + " open it again with the whole log (LocalSettings.withWholeLog),"
                                + " then register. node=`%s`, directory=`%s`")
                        .formatted(owner.node(), owner.directory()),
                null);
    }

    private static void giveUp(
            ManifestStore manifests, ManifestVersion known, UUID id, Patience patience)
            throws InterruptedException {
        var edit = new ManifestEdit.CheckpointsEnded(Set.of(id), 0);
        try {
            manifests.publish(known, edit, new Editor.Guest(), patience);
        } catch (Unavailable | CorruptData notNow) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a consumer''s checkpoint ends by itself. checkpoint=`{0}`, cause=`{1}`",
                    id,
                    notNow.getMessage());
        }
    }

    // A version 4 UUID, as the format wants checkpoints to be named.
    private static UUID freshId(Env env) {
        long version4 = (env.randomLong() & ~0xf000L) | 0x4000L;
        long variant = (env.randomLong() >>> 2) | 0x8000000000000000L;
        return new UUID(version4, variant);
    }

    StreamMark mark() {
        return mark;
    }

    long keptUntilMillis() {
        return keptUntilMillis;
    }

    /// The consumer is through with everything before `position`.
    void moveTo(Position position) {
        StreamMark moved = mark.at(position.walId(), position.seq());
        isChanged |= !moved.equals(mark);
        mark = moved;
    }

    /// Renews the lease if a third of it has passed. What cannot be done now is tried again soon; a
    /// name that is gone is taken anew.
    void renewIfDue(ManifestVersion known) throws InterruptedException {
        if (!due.isExpired()) return;
        due = Deadline.after(env, lease.dividedBy((long) RENEWALS * RETRIES));
        try {
            if (!isRenewed(known)) takeAnew(known);
        } catch (Unavailable | CorruptData | Invalid notNow) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the lease of a consumer was not renewed. name=`{0}`, cause=`{1}`",
                    mark.name(),
                    notNow.getMessage());
        }
    }

    private void takeAnew(ManifestVersion known) throws InterruptedException {
        LOG.log(
                System.Logger.Level.WARNING,
                "the lease of a consumer had ended, it begins anew. name=`{0}`",
                mark.name());
        var from = new Position(mark.walId(), mark.seq());
        var wish = new Wish(mark.name(), from, lease);
        Registration next = made(place, token, wish, manifests.newest(known));
        id = next.id;
        mark = next.mark;
        due = next.due;
        keptUntilMillis = next.keptUntilMillis;
        isChanged = false;
    }

    private boolean isRenewed(ManifestVersion known) throws InterruptedException {
        long until = env.currentTimeMillis() / 1000 + lease.toSeconds();
        var edit = new StreamEdit.Moved(id, mark, until);
        var patience = new Patience(Deadline.after(env, place.patience()).atMost(lease), token);
        ManifestVersion next = manifests.publish(known, edit, new Editor.Guest(), patience);
        if (!isIn(next)) return false;
        renewed(until);
        return true;
    }

    private void renewed(long untilSeconds) {
        keptUntilMillis = 1000 * untilSeconds;
        due = Deadline.after(env, lease.dividedBy(RENEWALS));
        isChanged = false;
    }

    /// True if `newest` has it.
    boolean isIn(ManifestVersion newest) {
        return newest.manifest().checkpoints().stream().anyMatch(each -> each.id().equals(id));
    }

    /// Says how far the consumer is, for the last time.
    void leave(ManifestVersion known) throws InterruptedException {
        if (!isChanged) return;
        try {
            isRenewed(known);
        } catch (Unavailable | CorruptData | Invalid notNow) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a consumer''s last place was not kept. name=`{0}`, cause=`{1}`",
                    mark.name(),
                    notNow.getMessage());
        }
    }

    /// Takes it out of the manifest. Throws what keeps it from that.
    void forget(ManifestVersion known) throws InterruptedException, StorageException {
        var patience = new Patience(Deadline.after(env, place.patience()), token);
        var edit = new ManifestEdit.CheckpointsEnded(Set.of(id), 0);
        manifests.publish(known, edit, new Editor.Guest(), patience);
    }
}
