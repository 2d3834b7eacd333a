package dev.holdfast.engine.manifest;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.compactions.Compaction.Status;
import dev.holdfast.format.compactions.Compaction.Tiered;
import dev.holdfast.format.compactions.Compactions;
import dev.holdfast.format.compactions.CompactionsCodec;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The states of one database's compactor, numbered from one.
///
/// Only the compactor of the latest epoch changes them. Thread-safe: it holds no state but a count.
public final class CompactionsStore {
    private static final int CONFLICTS_MAX = 100;
    private static final Duration PAUSE_FIRST = Duration.ofMillis(5);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(1);

    // Far below the age at which a collector may remove a state that is not the latest.
    private static final Duration SLOW = Duration.ofSeconds(2);

    private final NumberedStore<CompactionsVersion> numbered;
    private final Env env;

    /// @param root the path of the database, empty for the store's root
    public CompactionsStore(ObjectStore store, String root, Env env) {
        numbered =
                new NumberedStore<>(
                        store,
                        NumberedNames.compactions(root),
                        Boundary.ofCompactions(store, root),
                        new Form(),
                        env);
        this.env = env;
    }

    private static final class Form implements NumberedStore.Form<CompactionsVersion> {
        @Override
        public Bytes encode(long id, CompactionsVersion version, Ulid putId) {
            return CompactionsCodec.encode(version.compactions(), version.version(), id, putId);
        }

        @Override
        public NumberedStore.Found<CompactionsVersion> decode(long id, Bytes object) {
            CompactionsCodec.Decoded found = CompactionsCodec.decode(object).inPlaceOf(id);
            var version = new CompactionsVersion(id, found.compactions(), found.version());
            return new NumberedStore.Found<>(version, found.putId());
        }
    }

    /// How often another was faster to create the next one.
    public long conflicts() {
        return numbered.conflicts();
    }

    /// The latest state, or null if there never was a compactor.
    public @Nullable CompactionsVersion latest() {
        return numbered.latest();
    }

    /// State `id`, or null if there is none any more.
    public @Nullable CompactionsVersion at(long id) {
        return numbered.find(id);
    }

    /// Lets the compactor of `epoch`, which stands in the manifest already, take over; `change` is
    /// made to what the older one left, and is written in `least` at least. Throws `Closed` if a
    /// newer one has come.
    public CompactionsVersion takeOver(
            long epoch, int least, UnaryOperator<Compactions> change, Patience patience)
            throws InterruptedException {
        CompactionsVersion found = latest();
        if (found == null) found = begin(least, patience);
        return update(found, epoch, new Change(least, change), patience);
    }

    /// Sees to it that there is a state, before there is a compactor: one of version `version` if
    /// there was none.
    public CompactionsVersion begin(int version, Patience patience) throws InterruptedException {
        CompactionsVersion found = latest();
        if (found != null) return found;
        var first = new CompactionsVersion(1, Compactions.initial(), version);
        return numbered.create(1, first, patience) ? first : numbered.read(1);
    }

    /// Makes `change` for the compactor of `epoch`, in the version that the state has. `known` is a
    /// state read before. `change` may be asked more than once; a change that changes nothing puts
    /// nothing. Throws `Closed` if a newer compactor has come, `Unavailable` if patience ended.
    public CompactionsVersion update(
            CompactionsVersion known,
            long epoch,
            UnaryOperator<Compactions> change,
            Patience patience)
            throws InterruptedException {
        return update(known, epoch, new Change(CompactionsCodec.VERSION_OLDER, change), patience);
    }

    private record Change(int least, UnaryOperator<Compactions> edit) {}

    // The version never falls: what only the newer one can say would be lost.
    private CompactionsVersion update(
            CompactionsVersion known, long epoch, Change change, Patience patience)
            throws InterruptedException {
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        CompactionsVersion latest = known;
        for (int conflict = 0; conflict < CONFLICTS_MAX; conflict++) {
            if (0 < conflict) patience.token().pause(backoff.next());
            Deadline slow = Deadline.after(env, SLOW);
            latest = newest(latest);
            requireNotFenced(latest, epoch);
            boolean isRaised = latest.version() < change.least;
            Compactions there = latest.compactions();
            Compactions changed = change.edit.apply(isRaised ? inNewerWords(there) : there);
            var next =
                    new CompactionsVersion(
                            latest.id() + 1,
                            new Compactions(epoch, changed.recent()),
                            Math.max(latest.version(), change.least));
            boolean isSame =
                    next.compactions().equals(latest.compactions())
                            && next.version() == latest.version();
            if (isSame) return latest;
            boolean isMine = numbered.create(next.id(), next, patience);
            // After a long pause the id may have been taken, superseded and collected meanwhile.
            if (isMine && (!slow.isExpired() || newest(next) == next)) return next;
        }
        throw new Unavailable("compactions changed faster than they could be edited", null);
    }

    // The older version does not tell where a compaction goes: those that are not over are begun
    // anew, and of the others nobody asks.
    private static Compactions inNewerWords(Compactions older) {
        List<Compaction> recent = new ArrayList<>();
        for (Compaction each : older.recent()) {
            Tiered spec = (Tiered) each.spec();
            long lowest = spec.sortedRuns().stream().mapToLong(Long::longValue).min().orElse(0);
            var said = new Tiered(spec.l0ViewIds(), spec.sortedRuns(), null, lowest);
            boolean isOver = each.status() == Status.COMPLETED;
            recent.add(
                    isOver
                            ? new Compaction(
                                    each.id(), said, each.status(), each.outputs(), null, null)
                            : new Compaction(
                                    each.id(), said, Status.FAILED, List.of(), null, null));
        }
        return new Compactions(older.compactorEpoch(), recent);
    }

    private CompactionsVersion newest(CompactionsVersion known) {
        long last = numbered.lastId(known.id());
        return last == known.id() ? known : numbered.read(last);
    }

    private static void requireNotFenced(CompactionsVersion version, long epoch) {
        long newer = version.compactions().compactorEpoch();
        if (epoch < newer)
            throw new Closed(
                    Closed.Reason.FENCED,
                    "fenced by a newer compactor. epoch=`%d`, newer=`%d`, compactions=`%d`"
                            .formatted(epoch, newer, version.id()),
                    null);
    }
}
