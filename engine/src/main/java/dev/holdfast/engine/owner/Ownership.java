package dev.holdfast.engine.owner;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.OwnedElsewhere;
import dev.holdfast.engine.local.DatabaseOwner;
import dev.holdfast.engine.local.DatabaseOwner.Hint;
import dev.holdfast.engine.local.DatabaseOwner.Log;
import dev.holdfast.engine.local.DatabaseOwner.Mode;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.TakeOverWitness;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One opener's right to a database: asked for before each put that may win the epoch, told to all
/// others once it is won.
///
/// Invariants:
/// 1. Nobody's epoch is ended whose disk may have commits that the store does not have, but by
///    itself or by an explicit word.
/// 2. Nothing is acknowledged on the strength of a local disk before the store says whose.
/// 3. A listing is read after the manifest that the put continues: whoever told of itself before
///    that manifest was made is seen, and who rests on a disk has another manifest made after its
///    word.
///
/// Not thread-safe, but for [#hint] and [#drained], which one task calls.
public final class Ownership implements TakeOverWitness {
    private static final System.Logger LOG = System.getLogger(Ownership.class.getName());

    private final Place place;
    private final Claimant claimant;
    private final TakeOverWitness next;
    private final OwnerNames names;
    private final SlipPutter putter;
    private @Nullable DatabaseOwner mine;
    private boolean isTakenFromAnother;
    private long hints;
    private long hintsCleared;

    /// Where the database lies.
    ///
    /// @param root its path in the store, empty for the store's root
    public record Place(ObjectStore store, String root, Env env) {}

    /// Who opens.
    ///
    /// @param home null without a local directory
    /// @param word what it was told to do about another's unshipped commits
    public record Claimant(@Nullable Home home, Word word) {}

    /// A local directory.
    ///
    /// @param node its id
    /// @param path for people
    /// @param log what goes into the log in the store, unless a consumer needs all of it
    public record Home(UUID database, UUID node, String path, Log log) {}

    /// What to do about commits that may be on another's disk alone.
    public enum Word {
        /// Leave the database to it.
        NONE,
        /// Take over: what the store does not have may be lost.
        LOSS_ACCEPTED
    }

    /// @param next is told of each put after this has agreed
    public Ownership(Place place, Claimant claimant, TakeOverWitness next) {
        this.place = place;
        this.claimant = claimant;
        this.next = next;
        names = new OwnerNames(place.root());
        putter = new SlipPutter(place.store(), place.env());
    }

    @Override
    public void about(long manifestId, Ulid putId) {
        requireFree();
        next.about(manifestId, putId);
    }

    private void requireFree() {
        OwnerBook seen = OwnerBook.read(place.store(), place.root());
        if (seen.isOpen()) requireMine(readable(seen::owner));
    }

    // Whose disk a damaged word meant nobody can tell.
    private @Nullable DatabaseOwner readable(Supplier<@Nullable DatabaseOwner> word) {
        try {
            return word.get();
        } catch (CorruptData damaged) {
            if (claimant.word == Word.NONE)
                throw new CorruptData(
                        damaged.getMessage()
                                + ": whose disk may have more cannot be told. To take over"
                                + " explicitly (--take-over) goes on without it",
                        damaged);
            isTakenFromAnother = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "taken over from nobody knows whom: {0}",
                    damaged.getMessage());
            return null;
        }
    }

    private void requireMine(@Nullable DatabaseOwner owner) {
        if (owner == null || !owner.mayHaveMore() || isMine(owner)) return;
        if (claimant.word == Word.NONE) throw refusal(owner);
        isTakenFromAnother = true;
        LOG.log(
                System.Logger.Level.WARNING,
                "taken over from a node that may have more. epoch=`{0}`, node=`{1}`: {2}",
                String.valueOf(owner.epoch()),
                owner.node(),
                atStake(owner.hint()));
    }

    private boolean isMine(DatabaseOwner owner) {
        Home home = claimant.home;
        return home != null && home.node.equals(owner.node());
    }

    private static OwnedElsewhere refusal(DatabaseOwner owner) {
        return new OwnedElsewhere(
                ("owned by another node, whose disk may have commits that the store does not have."
                                + " node=`%s`, directory=`%s`, epoch=`%d`, since=`%s`. %s. Start it"
                                + " there again and stop it in order, or take over explicitly")
                        .formatted(
                                owner.node(),
                                owner.directory(),
                                owner.epoch(),
                                owner.since(),
                                atStake(owner.hint())),
                owner);
    }

    private static String atStake(@Nullable Hint hint) {
        if (hint == null) return "It has said nothing of what the store does not have";
        return hint.commits() == 0
                ? "At %s the store had everything, up to commit %d; it said nothing since"
                        .formatted(hint.at(), hint.remoteSeq())
                : "At %s it was at least %d commits, %d bytes, the oldest of them %s old"
                        .formatted(hint.at(), hint.commits(), hint.bytes(), hint.age());
    }

    /// True if what it acknowledges may lie on its own disk alone.
    public boolean restsOnADisk() {
        return claimant.home != null;
    }

    /// This opener has won `epoch`: tells all others so, if it matters to them.
    ///
    /// @param needed what the consumers that are registered need of the log in the store
    public void won(long epoch, Log needed, Patience patience) throws InterruptedException {
        Home home = claimant.home;
        Log log = home == null || home.log == Log.WHOLE ? Log.WHOLE : needed;
        if (home != null) tell(epoch, Mode.LOCAL_FIRST, log, patience);
        else if (isTakenFromAnother) tell(epoch, Mode.REMOTE, log, patience);
    }

    private void tell(long epoch, Mode mode, Log log, Patience patience)
            throws InterruptedException {
        Home home = claimant.home;
        var owner =
                new DatabaseOwner(
                        epoch,
                        home == null ? null : home.node,
                        mode,
                        log,
                        home == null ? "" : home.path,
                        Instant.ofEpochMilli(place.env().currentTimeMillis()),
                        null,
                        null);
        Bytes text = OwnerText.of(owner, home == null ? null : home.database);
        putter.put(names.owner(epoch), text, patience.deadline(), patience.token());
        mine = owner;
    }

    /// What it has told of itself; null if nothing.
    public @Nullable DatabaseOwner mine() {
        return mine;
    }

    /// Says what is on the local disk alone, and takes back what was said before.
    void hint(Hint hint, Token token) throws InterruptedException {
        DatabaseOwner owner = mine;
        if (owner == null) return;
        Deadline soon = Deadline.after(place.env(), OwnershipKeeper.HINT_MAX);
        long number = ++hints; // one that nobody answered for may be there
        putter.put(names.unshipped(owner.epoch(), number), OwnerText.of(hint), soon, token);
        while (hintsCleared < number - 1)
            place.store().delete(names.unshipped(owner.epoch(), ++hintsCleared));
    }

    /// Says that the store has everything.
    void drained(Deadline deadline, Token token) throws InterruptedException {
        DatabaseOwner owner = mine;
        if (owner == null) return;
        putter.put(names.drained(owner.epoch()), Bytes.utf8("{}\n"), deadline, token);
    }
}
