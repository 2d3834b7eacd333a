package dev.holdfast.engine.gc;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.CollectionReport;
import dev.holdfast.engine.api.upkeep.CollectionReport.ByKind;
import dev.holdfast.engine.api.upkeep.CollectionReport.Count;
import dev.holdfast.engine.api.upkeep.CollectionReport.Kept;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.board.BoardNames;
import dev.holdfast.engine.event.CollectionEvent;
import dev.holdfast.engine.manifest.Boundary;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.manifest.StoredProfile;
import dev.holdfast.engine.manifest.WalStoreRule;
import dev.holdfast.engine.note.IngestNote;
import dev.holdfast.engine.note.IngestNotes;
import dev.holdfast.engine.owner.OwnerBook;
import dev.holdfast.engine.owner.OwnerNames;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Removes what nothing needs: tables, log objects, manifests, states of the compactor, words of
/// former owners, and checkpoints that have ended.
///
/// Invariants:
/// 1. What the newest manifest or a checkpoint names stays, and so does what a writer or compactor
///    may be about to name.
/// 2. An object goes only once it is old by our clock and by the store's: one wrong clock removes
///    nothing that anybody needs.
/// 3. Fences stay: a writer that was fenced long ago meets them when it wakes.
/// 4. In the newer profile a mark stands before any manifest or state goes, and none goes beyond
///    it; where there are marks in the older one, none goes beyond them either.
///
/// Any number may run at a time, and die anywhere. Not thread-safe.
public final class Collector {
    private static final System.Logger LOG = System.getLogger(Collector.class.getName());

    private static final Duration ATTEMPT = Duration.ofSeconds(30);
    private static final Duration CHECKPOINT_GRACE = Duration.ofMinutes(1);
    private static final long FENCE_BYTES_MAX = 114; // a log object without rows
    private static final String CLOCK = "gc/clock"; // tells the store's time, and nothing else

    private final ObjectStore store;
    private final String root;
    private final CollectionRules rules;
    private final Env env;
    private final Token token;
    private final ManifestStore manifests;
    private final CompactionsStore compactions;

    // Where there are marks, those who put newer objects rely on them: nothing beyond them goes.
    private long manifestsMax = Long.MAX_VALUE;
    private long statesMax = Long.MAX_VALUE;
    private long newestInStoreMillis;
    private boolean hasAskedForTime;
    private long worthwhileAtMillis = Long.MAX_VALUE;
    private long young;
    private long needed;
    private final List<String> names = new ArrayList<>();

    /// @param root the path of the database, empty for the store's root
    /// @param token ends a collection early
    public Collector(ObjectStore store, String root, CollectionRules rules, Env env, Token token) {
        this.store = store;
        this.root = root;
        this.rules = rules;
        this.env = env;
        this.token = token;
        manifests = new ManifestStore(store, root, env);
        compactions = new CompactionsStore(store, root, env);
    }

    /// Collects once. Throws `Invalid` if there is no database, `Unavailable` if the store does not
    /// answer: what was removed till then is removed.
    public CollectionReport collect() throws InterruptedException {
        var event = new CollectionEvent();
        event.begin();
        CollectionReport report = null;
        try {
            report = collectOnce();
            return report;
        } catch (ObjectStoreException unanswered) {
            throw new Unavailable("collection ended early: " + unanswered.getMessage(), unanswered);
        } finally {
            event.end();
            if (event.shouldCommit()) tell(event, report);
        }
    }

    private void tell(CollectionEvent event, @Nullable CollectionReport report) {
        event.database = root;
        event.outcome = report == null ? "ended early" : rules.sweep().name();
        if (report != null) {
            event.tables = report.tables();
            event.logObjects = report.logObjects();
            event.manifests = report.manifests();
            event.compactorStates = report.compactions();
            event.checkpoints = report.checkpoints();
            event.bytes = report.bytes();
        }
        event.commit();
    }

    private CollectionReport collectOnce() throws InterruptedException {
        ManifestVersion latest = manifests.latest();
        if (latest == null) throw new Invalid("no database here. path=`" + root + "`", null);
        WalStoreRule.require(latest, store, root);
        Profile profile = StoredProfile.of(latest, store, root); // segments stay as they are
        seeTimeOf(NumberedNames.manifests(root).name(latest.id()));
        manifestsMax = markOr(Boundary.ofManifests(store, root).read());
        statesMax = markOr(Boundary.ofCompactions(store, root).read());
        if (profile == Profile.SLATEDB_0_15) raiseMarks();
        long ended = endCheckpoints(latest);

        TablePaths paths = TablePaths.of(root);
        Count tables = sweep(paths.prefix(), object -> isOldTable(paths, object));
        NumberedNames logs = NumberedNames.wals(root);
        Count logObjects = sweep(logs.prefix(), object -> isOldLog(logs, object));
        NumberedNames old = NumberedNames.manifests(root);
        Count oldManifests = sweep(old.prefix(), object -> isOldManifest(old, object));
        NumberedNames states = NumberedNames.compactions(root);
        Count oldStates = sweep(states.prefix(), object -> isOldState(states, object));
        var board = new BoardNames(root);
        sweep(board.prefix(), object -> isOldPaper(board, object));
        sweep(IngestNotes.prefix(root), this::isOldNote);
        sweepOwners();
        endUploads();
        comeBackForCheckpoints();
        return new CollectionReport(
                new ByKind(tables, logObjects, oldManifests, oldStates),
                ended,
                new Kept(young, needed),
                names);
    }

    // The newest owner's word stays, whatever its age. Listed by name first, so that nothing is
    // asked
    // again where nobody but one has left a word.
    private void sweepOwners() {
        OwnerBook owners = OwnerBook.read(store, root);
        if (owners.hasPast())
            sweep(new OwnerNames(root).prefix(), object -> owners.isPast(object.name()));
    }

    // Whoever writes in the newer profile asks for the mark after each create: it stands before
    // anything up to it goes.
    private void raiseMarks() {
        references = References.read(manifests, compactions, references);
        NumberedNames old = NumberedNames.manifests(root);
        long newest = references().newest().id();
        manifestsMax = raised(Boundary.ofManifests(store, root), newestOld(old, newest));
        NumberedNames states = NumberedNames.compactions(root);
        long state = references().compactionsId();
        statesMax = raised(Boundary.ofCompactions(store, root), newestOld(states, state));
    }

    // The newest of those below `end` that are old enough; 0 if there is none.
    private long newestOld(NumberedNames numbered, long end) {
        long found = 0;
        String position = null;
        while (!token.isStopping()) {
            List<ObjectMeta> page =
                    store.list(numbered.prefix(), position, ObjectStore.LIST_LIMIT_MAX);
            for (ObjectMeta object : page) {
                position = object.name();
                seeTime(object);
                long id = numbered.id(position);
                if (found < id && id < end && isOldEnough(object)) found = id;
            }
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) break;
        }
        return found;
    }

    private long raised(Boundary boundary, long mark) {
        boolean isDry = rules.sweep() == CollectionRules.Sweep.DRY_RUN;
        Long there = boundary.read();
        long standing = there == null ? 0 : there;
        if (isDry || mark <= standing) return Math.max(mark, standing);
        return boundary.raise(mark, Ulid.next(env));
    }

    private static long markOr(@Nullable Long mark) {
        return mark == null ? Long.MAX_VALUE : mark;
    }

    // What a process that died in the middle of an upload has left in a bucket.
    private void endUploads() {
        if (rules.sweep() == CollectionRules.Sweep.DRY_RUN || token.isStopping()) return;
        String prefix = root.isEmpty() ? "" : root + "/";
        try {
            int ended = store.removeUnfinished(prefix, limitMillis());
            if (0 < ended)
                LOG.log(System.Logger.Level.INFO, "unfinished uploads removed. count=`{0}`", ended);
        } catch (ObjectStoreException.Refused refusal) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "unfinished uploads stay. cause=`{0}`",
                    refusal.getMessage());
        }
    }

    // Ended by our clock and by the store's: whoever keeps a checkpoint may have a better clock.
    private long endCheckpoints(ManifestVersion latest) throws InterruptedException {
        boolean isDry = rules.sweep() == CollectionRules.Sweep.DRY_RUN;
        int present = latest.manifest().checkpoints().size();
        if (leftAt(env.currentTimeMillis(), latest) < present) askForTime();
        long now = Math.min(env.currentTimeMillis(), newestInStoreMillis);
        int left = leftAt(now, latest);
        if (!isDry && left < present) {
            var patience = new Patience(Deadline.after(env, ATTEMPT), token);
            manifests.publish(latest, endedAt(now), new Editor.Guest(), patience);
        }
        return present - left;
    }

    private static int leftAt(long millis, ManifestVersion latest) {
        return endedAt(millis).applyTo(latest.manifest()).checkpoints().size();
    }

    private static ManifestEdit endedAt(long millis) {
        long seconds = millis / 1000 - CHECKPOINT_GRACE.toSeconds();
        return new ManifestEdit.CheckpointsEnded(Set.of(), seconds);
    }

    // Nobody may have written for long, and a store tells its time only of what it was given.
    // A dry run, which puts nothing, supposes that the store would say what our clock says.
    private void askForTime() {
        if (hasAskedForTime) return;
        hasAskedForTime = true;
        if (rules.sweep() == CollectionRules.Sweep.DRY_RUN) {
            newestInStoreMillis = Math.max(newestInStoreMillis, env.currentTimeMillis());
            return;
        }
        String clock = root.isEmpty() ? CLOCK : root + "/" + CLOCK;
        if (store.put(clock, List.of(Bytes.utf8("0"))) instanceof PutResult.Stored)
            seeTimeOf(clock);
    }

    private void seeTimeOf(String name) {
        ObjectMeta object = store.head(name);
        if (object != null) seeTime(object);
    }

    private void seeTime(ObjectMeta object) {
        newestInStoreMillis = Math.max(newestInStoreMillis, object.lastModifiedMillis());
    }

    private @Nullable References references;

    /// Lists objects page by page, looks what is needed, and only then removes.
    private Count sweep(String prefix, Predicate<ObjectMeta> isGarbage) {
        Count removed = Count.NONE;
        String position = null;
        while (!token.isStopping()) {
            List<ObjectMeta> page = store.list(prefix, position, ObjectStore.LIST_LIMIT_MAX);
            if (page.isEmpty()) break;
            page.forEach(this::seeTime);
            references = References.read(manifests, compactions, references);
            for (ObjectMeta object : page) {
                position = object.name();
                if (!isGarbage.test(object)) {
                    needed++;
                    continue;
                }
                if (!isOldEnough(object)) {
                    young++;
                    comeBackAt(madeAtMillis(object) + rules.minAge().toMillis());
                    continue;
                }
                if (token.isStopping()) return removed;
                remove(object);
                removed = removed.plus(new Count(1, object.size()));
            }
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) break;
        }
        return removed;
    }

    private void remove(ObjectMeta object) {
        if (rules.sweep() == CollectionRules.Sweep.REMOVE) store.delete(object.name());
        if (names.size() < CollectionReport.NAMES_MAX) names.add(object.name());
    }

    // Looked at last, as it may ask for the time.
    private boolean isOldEnough(ObjectMeta object) {
        long made = madeAtMillis(object);
        if (made < env.currentTimeMillis() - rules.minAge().toMillis() && limitMillis() <= made)
            askForTime();
        return made < limitMillis();
    }

    private long madeAtMillis(ObjectMeta object) {
        Ulid table = TablePaths.of(root).id(object.name());
        long named = table == null ? 0 : table.timeMillis();
        return Math.max(named, object.lastModifiedMillis());
    }

    private long limitMillis() {
        return Math.min(env.currentTimeMillis(), newestInStoreMillis) - rules.minAge().toMillis();
    }

    /// When, by our clock, a later collection will find something to remove though the database
    /// does not change: garbage that is too young yet, a checkpoint that ends. The end of time if
    /// nothing was left.
    long worthwhileAtMillis() {
        return worthwhileAtMillis;
    }

    private void comeBackForCheckpoints() {
        References read = references;
        if (read == null) return;
        for (Checkpoint kept : read.newest().manifest().checkpoints())
            if (0 < kept.expireSeconds())
                comeBackAt(1000 * (kept.expireSeconds() + CHECKPOINT_GRACE.toSeconds() + 1));
    }

    // Once it is past `millis`.
    private void comeBackAt(long millis) {
        worthwhileAtMillis = Math.min(worthwhileAtMillis, millis + 1);
    }

    private References references() {
        References read = references;
        if (read == null) throw new IllegalStateException("nothing was read yet");
        return read;
    }

    private boolean isOldTable(TablePaths paths, ObjectMeta object) {
        Ulid id = paths.id(object.name());
        return id != null && !references().needsTable(id);
    }

    private boolean isOldLog(NumberedNames logs, ObjectMeta object) {
        long id = logs.id(object.name());
        return 0 < id && FENCE_BYTES_MAX < object.size() && !references().needsLog(id);
    }

    private boolean isOldManifest(NumberedNames manifestNames, ObjectMeta object) {
        long id = manifestNames.id(object.name());
        boolean isPassed = id < references().newest().id() && id <= manifestsMax;
        return 0 < id && isPassed && !references().kept().contains(id);
    }

    private boolean isOldState(NumberedNames states, ObjectMeta object) {
        long id = states.id(object.name());
        return 0 < id && id < references().compactionsId() && id <= statesMax;
    }

    // Whoever needs the log behind an ingest may have to be told of it.
    private boolean isOldNote(ObjectMeta object) {
        IngestNote.Place at = IngestNotes.placeIn(root, object.name());
        return at != null && !references().needsLog(at.walId() + 1);
    }

    // Papers of a compaction that goes on are needed until it is over, however old they are.
    private boolean isOldPaper(BoardNames board, ObjectMeta object) {
        if (board.isPresence(object.name())) return true;
        Ulid job = board.jobOf(object.name());
        return job != null && !references().activeJobs().contains(job);
    }
}
