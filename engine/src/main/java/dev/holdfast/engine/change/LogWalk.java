package dev.holdfast.engine.change;

import static java.util.Objects.requireNonNull;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.ChangeStream.Batch;
import dev.holdfast.engine.api.ChangeStream.Gap;
import dev.holdfast.engine.api.ChangeStream.Ingested;
import dev.holdfast.engine.api.ChangeStream.Position;
import dev.holdfast.engine.api.StorageException.ChangesMissing;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.note.IngestNote;
import dev.holdfast.engine.note.IngestNotes;
import dev.holdfast.engine.owner.OwnerBook;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A walk along the log in the store, object after object, which ends rather than passes over
/// anything.
///
/// Invariants:
/// 1. The place moves on only once all commits of an object were read: whatever fails is repeated.
/// 2. An object that is not there has not been put yet, or is told of as gone. Which one is asked
///    of a manifest that is read after the object was looked for.
/// 3. Numbers that do not follow on each other are passed only where it is certain that nobody left
///    commits out; an ingest that stands between them is told.
///
/// One thread at a time.
final class LogWalk {
    private static final int LOOKS_MAX = 8; // at an object that must be there, or must have been
    private static final Duration PAUSE_FIRST = Duration.ofMillis(10);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(2);

    // Far below the age at which a collector may remove a manifest that is not the latest.
    private static final Duration SLOW = Duration.ofSeconds(2);

    private final ObjectStore store;
    private final String root;
    private final Sealing sealing;
    private final Env env;
    private final Token token;
    private final NumberedNames names;
    private final ManifestStore manifests;
    private final IngestNotes notes;
    private final @Nullable Registration registration;
    private ManifestVersion newest;
    private Deadline recent;
    private Position at;
    private boolean isFirst = true; // the place may lie inside of its object
    private long lastSeqWithoutIngest;
    private boolean hasPassedBelow; // an object with nothing but what lies before the place

    LogWalk(
            Place place,
            Token token,
            ManifestVersion newest,
            @Nullable Registration registration,
            Position at) {
        store = place.store();
        root = place.root();
        env = place.env();
        sealing = place.sealing();
        this.token = token;
        names = NumberedNames.wals(root);
        manifests = new ManifestStore(store, root, env);
        notes = new IngestNotes(store, root, env);
        this.newest = newest;
        this.registration = registration;
        this.at = at;
        recent = Deadline.after(env, SLOW);
    }

    /// Where it stands: everything before was returned.
    Position at() {
        return at;
    }

    /// The newest manifest that was seen.
    ManifestVersion newest() {
        return newest;
    }

    /// The commits of the next log object; none if it is a fence, null if there is none yet.
    @Nullable List<Batch> next() throws InterruptedException {
        ObjectMeta object = store.head(names.name(at.walId()));
        if (object == null) object = awaited();
        if (object == null) return ingestedAtEnd();
        long id = at.walId();
        boolean isInside = isFirst && 0 < at.seq();
        // A place inside of an object is known by the commit before it, which must be in there.
        long known = isInside ? at.seq() - 1 : at.seq();
        var sink = new CommitSink(this::isWhole);
        var replayer = new WalReplayer(store, root, env, token, known).openedBy(sealing);
        if (!isFirst) replayer.behind(known);
        if (!replayer.replay(id - 1, id, sink)) {
            IngestNote ingest = notes.behind(at.seq());
            if (isBefore(ingest, sink.gapEnd())) return List.of(told(requireNonNull(ingest)));
            throw leftOut(sink.gapEnd());
        }
        List<Batch> batches = batches(sink.commits(), id, isInside ? at.seq() : 0);
        at = new Position(id + 1, batches.isEmpty() ? at.seq() : batches.getLast().seq());
        hasPassedBelow = sink.commits().isEmpty() && (hasPassedBelow || !sink.isFence());
        isFirst &= sink.commits().isEmpty();
        return batches;
    }

    // Where nothing was committed behind it, no log object tells of its gap.
    private @Nullable List<Batch> ingestedAtEnd() {
        long inTables = newest.manifest().lastL0Seq();
        if (inTables <= at.seq() || inTables == lastSeqWithoutIngest) return null;
        IngestNote ingest = notes.behind(at.seq());
        if (isBefore(ingest, inTables + 1) && requireNonNull(ingest).at().walId() < at.walId())
            return List.of(told(ingest));
        lastSeqWithoutIngest = inTables;
        return null;
    }

    private static boolean isBefore(@Nullable IngestNote ingest, long seq) {
        return ingest != null && ingest.at().seq() < seq;
    }

    // It stands in front of the object that is read next.
    private Batch told(IngestNote ingest) {
        at = new Position(at.walId(), ingest.at().seq());
        isFirst = false;
        hasPassedBelow = false;
        var what = new Ingested(ingest.rows(), ingest.firstKey(), ingest.lastKey());
        return new Batch(ingest.at().seq(), List.of(), at, what);
    }

    private static List<Batch> batches(List<LogObject.Commit> commits, long id, long told) {
        var batches = new ArrayList<Batch>(commits.size());
        for (int i = 0; i < commits.size(); i++) {
            LogObject.Commit commit = commits.get(i);
            if (commit.seq() == told) continue;
            long nextId = i == commits.size() - 1 ? id + 1 : id;
            Position behind = new Position(nextId, commit.seq());
            batches.add(new Batch(commit.seq(), commit.rows(), behind));
        }
        return batches;
    }

    // True if nothing is missing between what was read and commit `behind`.
    private boolean isWhole(long behind) {
        if (behind <= at.seq() + 1) return true;
        if (isBefore(notes.behind(at.seq()), behind)) return false; // told first
        if (hasPassedBelow) return false;
        Registration mine = registration;
        if (mine != null && mine.mark().wholeSeq() <= at.seq() && mine.isIn(look())) return true;
        // Only who has a local disk leaves commits out, and whoever had one has left its word.
        return OwnerBook.read(store, root).owner() == null;
    }

    private ChangesMissing leftOut(long behind) {
        var gap = new Gap(at.seq(), behind - 1, at.walId(), new Position(at.walId(), behind - 1));
        return new ChangesMissing("commits were left out of the log", gap);
    }

    /// The newest manifest, asked for now.
    ManifestVersion look() {
        Deadline next = Deadline.after(env, SLOW);
        newest = recent.isExpired() ? manifests.newest(newest) : manifests.newestByName(newest);
        recent = next;
        return newest;
    }

    // Null if nobody has put it yet.
    private @Nullable ObjectMeta awaited() throws InterruptedException {
        boolean isThorough = recent.isExpired();
        boolean isCovered = at.walId() <= look().manifest().replayAfterWalId();
        if (!isCovered && (!isThorough || !hasLater())) return null;
        ObjectMeta object = found(at.walId());
        if (object != null) return object;
        if (isCovered) throw collected();
        throw CorruptData.missing(
                "log object missing before others. object=`" + names.name(at.walId()) + "`");
    }

    private boolean hasLater() {
        return !store.list(names.prefix(), names.name(at.walId()), 1).isEmpty();
    }

    // A store may lag for a moment.
    private @Nullable ObjectMeta found(long id) throws InterruptedException {
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        for (int look = 0; look < LOOKS_MAX && !token.isCancelled(); look++) {
            ObjectMeta object = store.head(names.name(id));
            if (object != null) return object;
            token.pause(backoff.next());
        }
        return null;
    }

    private ChangesMissing collected() {
        long covered = newest.manifest().replayAfterWalId();
        long through = Math.max(at.seq(), newest.manifest().lastL0Seq());
        var gap = new Gap(at.seq(), through, at.walId(), new Position(covered + 1, through));
        return new ChangesMissing("the log was collected", gap);
    }

    /// Throws `Invalid` if the log has never come so far as the place where this walk begins.
    void requireWithinLog() throws InterruptedException {
        long before = at.walId() - 1;
        long covered = newest.manifest().replayAfterWalId();
        if (before <= Math.max(covered, newest.manifest().walIdLastSeen())) return;
        if (found(before) != null) return;
        throw new Invalid(
                "the position lies beyond the end of the log. position=`" + at + "`", null);
    }
}
