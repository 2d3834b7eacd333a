package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.DiskLock;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.LockAttempt;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.engine.api.LocalStatus.Diverged;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.TakeOverWitness;
import dev.holdfast.format.local.LocalIdentity;
import dev.holdfast.format.local.LocalIdentity.Attempt;
import dev.holdfast.format.local.TailNote;
import dev.holdfast.format.wire.FormatException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The directory of a local log, held by this process alone: whose it is, and which of its segments
/// count.
///
/// Invariants:
/// 1. Its segments count for the next epoch only if this directory has had every epoch since they
///    were written. Otherwise another writer may have gone on without them, and they are kept
///    aside.
/// 2. A takeover is noted before it is tried: a crash leaves no epoch of one's own that would look
///    like another's.
/// 3. The identity is replaced as a whole, and durable before anything is done that rests on it.
///
/// Not thread-safe: used while a database is being opened. Closed by whoever opened it.
public final class LocalHome implements TakeOverWitness, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LocalHome.class.getName());

    private static final String ADVICE =
            "Give another with --local DIR, or go without with --local off";

    private static final int READS_MAX = 4;

    private final LocalPlace place;
    private final Env env;
    private final HeldDisk disk;
    private final SegmentNames names;
    private LocalIdentity identity;
    private @Nullable Diverged diverged;

    private LocalHome(LocalPlace place, Env env, DiskLock lock, LocalIdentity identity) {
        disk = new HeldDisk(place.disk(), lock);
        this.place = new LocalPlace(place.settings(), disk, place.sealing());
        this.env = env;
        names = new SegmentNames(place.directory());
        this.identity = identity;
    }

    /// Holds the directory for the database `database`. Throws `Unavailable` if another process has
    /// it, `Invalid` if it is another database's.
    public static LocalHome open(LocalPlace place, UUID database, Env env) {
        try {
            return opened(place, database, env);
        } catch (DiskException failure) {
            throw new Unavailable(
                    "the local directory cannot be made: `%s`: %s. %s"
                            .formatted(place.directory(), failure.getMessage(), ADVICE),
                    failure);
        }
    }

    /// True if a local log lies in `directory` that no process holds.
    public static boolean isFree(Disk disk, Path directory) {
        var names = new SegmentNames(directory);
        try {
            if (disk.look(names.at(SegmentNames.IDENTITY)) == null) return false;
            return switch (disk.tryLock(names.at(SegmentNames.LOCK), "holdfast local log")) {
                case LockAttempt.Held _ -> false;
                case LockAttempt.Taken taken -> {
                    taken.lock().close();
                    yield true;
                }
            };
        } catch (DiskException failure) {
            throw unavailable(directory, failure);
        }
    }

    private static LocalHome opened(LocalPlace place, UUID database, Env env) throws DiskException {
        var names = new SegmentNames(place.directory());
        make(place.disk(), names);
        DiskLock lock =
                switch (place.disk().tryLock(names.at(SegmentNames.LOCK), "holdfast local log")) {
                    case LockAttempt.Taken taken -> taken.lock();
                    case LockAttempt.Held held ->
                            throw new Unavailable(
                                    "the local directory is in use. directory=`%s`, by=`%s`. %s"
                                            .formatted(names.directory(), held.holder(), ADVICE),
                                    null);
                };
        boolean isOpen = false;
        try {
            LocalIdentity identity = identityOf(place.disk(), names, database, env);
            isOpen = true;
            return new LocalHome(place, env, lock, identity);
        } finally {
            if (!isOpen) lock.close();
        }
    }

    // Each level is durable before the next is made: without an identity, only the name of the
    // lowest that is there may have been left undone by a life that died.
    private static void make(Disk disk, SegmentNames names) throws DiskException {
        if (disk.look(names.at(SegmentNames.IDENTITY)) != null) return;
        var missing = new ArrayDeque<Path>();
        Path there = names.directory().toAbsolutePath();
        while (there != null && disk.look(there) == null) {
            missing.push(there);
            there = there.getParent();
        }
        if (there != null && there.getParent() != null) {
            forceIfOurs(disk, there.getParent());
            if (missing.isEmpty() && there.getParent().getParent() != null)
                forceIfOurs(disk, there.getParent().getParent());
        }
        for (Path level : missing) makeDurable(disk, level);
    }

    // What may not be forced is for whoever made it to see to.
    private static void forceIfOurs(Disk disk, Path directory) throws DiskException {
        try {
            disk.forceDirectory(directory);
        } catch (DiskException.Refused notOurs) {
            LOG.log(System.Logger.Level.DEBUG, "not forced. directory=`{0}`", directory);
        }
    }

    private static void makeDurable(Disk disk, Path directory) throws DiskException {
        disk.createDirectory(directory);
        Path parent = directory.getParent();
        if (parent == null) return;
        boolean isDurable = false;
        try {
            disk.forceDirectory(parent);
            isDurable = true;
        } finally {
            // A later force that succeeds would not prove that this name is durable.
            if (!isDurable) disk.delete(directory);
        }
    }

    private static LocalIdentity identityOf(Disk disk, SegmentNames names, UUID database, Env env)
            throws DiskException {
        Path file = names.at(SegmentNames.IDENTITY);
        if (disk.look(file) == null) {
            requireNoSegments(disk, names);
            return new LocalIdentity(database, DatabaseId.fresh(env), 0, 0, 1, List.of());
        }
        LocalIdentity there = read(disk, file);
        if (!there.database().equals(database))
            throw new Invalid(
                    ("the local directory is another database's. directory=`%s`, its=`%s`,"
                                    + " this=`%s`. %s")
                            .formatted(names.directory(), there.database(), database, ADVICE),
                    null);
        return there;
    }

    private static void requireNoSegments(Disk disk, SegmentNames names) throws DiskException {
        if (!numbersIn(disk, names).isEmpty())
            throw new CorruptData(
                    "segments of a local log without its identity. directory=`"
                            + names.directory()
                            + "`",
                    null);
    }

    // A disk may give a wrong sector once: what does not fit is read again.
    private static LocalIdentity read(Disk disk, Path path) throws DiskException {
        FormatException wrong = null;
        for (int attempt = 0; attempt < READS_MAX; attempt++) {
            try {
                return readOnce(disk, path);
            } catch (FormatException damaged) {
                wrong = damaged;
            }
        }
        throw new CorruptData("no identity of a local log. file=`" + path + "`", wrong);
    }

    private static LocalIdentity readOnce(Disk disk, Path path) throws DiskException {
        ByteBuffer content = ByteBuffer.allocate(LocalIdentity.BYTES_MAX + 1);
        try (DiskFile file = disk.open(path, OpenMode.READ)) {
            int length = file.read(content, 0);
            return LocalIdentity.decode(Bytes.wrap(content.array(), 0, length));
        }
    }

    private static TreeSet<Long> numbersIn(Disk disk, SegmentNames names) throws DiskException {
        var numbers = new TreeSet<Long>();
        disk.list(
                names.directory(),
                name -> {
                    long number = SegmentNames.numberOfSegment(name);
                    if (0 <= number) numbers.add(number);
                });
        return numbers;
    }

    /// What asks which epoch a manifest has won under a put id; 0 if none.
    @FunctionalInterface
    public interface EpochLookup {
        long epochWonBy(long manifestId, Ulid putId);
    }

    /// Finds out which takeovers that were cut off have won an epoch after all.
    public void settleAttempts(EpochLookup manifests) {
        long held = identity.heldEpoch();
        for (Attempt attempt : identity.attempts())
            if (manifests.epochWonBy(attempt.manifestId(), attempt.putId()) == held + 1) held++;
        if (held != identity.heldEpoch()) replace(identity.logEpoch(), held, identity.attempts());
    }

    @Override
    public void about(long manifestId, Ulid putId) {
        var attempts = new ArrayList<>(identity.attempts());
        attempts.add(new Attempt(manifestId, putId));
        replace(identity.logEpoch(), identity.heldEpoch(), attempts);
    }

    /// This process has won `epoch`: what is in the directory counts for it, or is kept aside.
    public void won(long epoch, EpochLookup manifests) {
        // A put of an earlier life may have landed while this one was under way.
        if (identity.heldEpoch() + 1 != epoch) settleAttempts(manifests);
        try {
            if (identity.heldEpoch() == epoch || identity.heldEpoch() + 1 == epoch) {
                replace(identity.logEpoch(), epoch, List.of());
                return;
            }
            putAside();
            begin(epoch, nextNumber());
        } catch (DiskException failure) {
            throw unavailable(names.directory(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("opening was interrupted", interrupted);
        }
    }

    private void putAside() throws DiskException, InterruptedException {
        List<String> tables = tablesIn();
        var aside = new AsideFolder(disk, asideFor(String.valueOf(identity.logEpoch())));
        boolean isBegun = isBegun(aside); // by a life that died over it
        LogScan scan = LogScan.of(disk, names, identity, place.seal());
        var range = new Range(scan.beginsAfter());
        String damage = range.walked(scan);
        if (!isBegun) {
            if (range.isEmpty() && damage.isEmpty() && tables.isEmpty()) return;
            aside = freshFolder();
            aside.put(noteFor(aside, scan));
        }
        // Highest first: where this is cut off, what is left still says where the log began.
        for (long number : numbersIn(disk, names).descendingSet()) {
            Path segment = names.segment(number);
            move(segment, aside.path().resolve(segment.getFileName()));
        }
        // The list last: a table that it does not name looks like one that was never finished.
        for (String table : tables) move(names.at(table), aside.path().resolve(table));
        disk.forceDirectory(aside.path());
        disk.forceDirectory(names.directory());
        if (isBegun) {
            LogScan all = aside.scan(identity, place.seal());
            range = new Range(all.beginsAfter());
            damage = range.walked(all);
        }
        tell(new Diverged(identity.logEpoch(), range.after, range.last, aside.path()), damage);
    }

    // Where an earlier move was cut off by a loss of power, both names may be those of one file:
    // then
    // a rename does nothing, by POSIX.
    private void move(Path source, Path target) throws DiskException {
        disk.rename(source, target);
        if (disk.look(source) != null) disk.delete(source);
    }

    private void tell(Diverged tail, String damage) {
        diverged = tail;
        LOG.log(
                System.Logger.Level.ERROR,
                "the database was taken over by another writer: the local log is kept aside,"
                        + " not replayed. epoch=`{0}`, commits after=`{1}`, up to=`{2}`{3},"
                        + " directory=`{4}`",
                tail.epoch(),
                tail.afterSeq(),
                tail.lastSeq(),
                damage,
                tail.directory());
    }

    private boolean isBegun(AsideFolder aside) throws DiskException {
        TailNote note = aside.isThere() ? aside.note() : null;
        return note != null
                && note.epoch() == identity.logEpoch()
                && note.database().equals(identity.database());
    }

    // Where part of the same log lies aside already, without a note, its beginning is not known.
    private TailNote noteFor(AsideFolder aside, LogScan scan) throws DiskException {
        boolean isAlone = aside.path().equals(asideFor(String.valueOf(identity.logEpoch())));
        return new TailNote(
                identity.database(),
                identity.logEpoch(),
                identity.firstSegment(),
                numbersIn(disk, names).size(),
                isAlone && scan.isBeginKnown() ? scan.beginsAfter() : -1);
    }

    // Tables, then their list.
    private List<String> tablesIn() throws DiskException {
        var found = new TreeSet<String>();
        disk.list(
                names.directory(),
                name -> {
                    if (SegmentNames.isTable(name)) found.add(name);
                });
        var all = new ArrayList<String>(found);
        if (disk.look(names.at(SegmentNames.TABLES)) != null) all.add(SegmentNames.TABLES);
        return all;
    }

    /// How far a log reaches, damaged or not.
    private static final class Range {
        private final long after;
        private long last;

        Range(long after) {
            this.after = after;
            last = after;
        }

        boolean isEmpty() {
            return last == after;
        }

        String walked(LogScan scan) throws DiskException, InterruptedException {
            try {
                scan.replay(after, record -> last = record.seq());
                return "";
            } catch (CorruptData damaged) {
                return ", then damaged";
            }
        }
    }

    private Path asideFor(String name) {
        return names.at(SegmentNames.DIVERGED).resolve(name);
    }

    // One that has no segments yet was made by a life that died before it moved any.
    private AsideFolder freshFolder() throws DiskException {
        Path all = names.at(SegmentNames.DIVERGED);
        if (disk.look(all) == null) disk.createDirectory(all);
        disk.forceDirectory(names.directory());
        String epoch = String.valueOf(identity.logEpoch());
        var fresh = new AsideFolder(disk, asideFor(epoch));
        for (int i = 2; fresh.isThere() && !fresh.segments().isEmpty(); i++)
            fresh = new AsideFolder(disk, asideFor(epoch + "-" + i));
        if (!fresh.isThere()) disk.createDirectory(fresh.path());
        disk.forceDirectory(all);
        return fresh;
    }

    /// What an earlier life left, to be replayed before [#begin].
    LogScan tail() throws DiskException {
        return LogScan.of(disk, names, identity, place.seal());
    }

    /// From now on the segments of `epoch` count, from `firstSegment` on, and no others.
    void begin(long epoch, long firstSegment) {
        write(
                new LocalIdentity(
                        identity.database(),
                        identity.node(),
                        epoch,
                        epoch,
                        firstSegment,
                        List.of()));
    }

    private void replace(long logEpoch, long heldEpoch, List<Attempt> attempts) {
        write(
                new LocalIdentity(
                        identity.database(),
                        identity.node(),
                        heldEpoch,
                        logEpoch,
                        identity.firstSegment(),
                        attempts));
    }

    private void write(LocalIdentity next) {
        Path temporary = names.at(SegmentNames.IDENTITY_NEXT);
        try {
            try (DiskFile file = disk.open(temporary, OpenMode.CREATE)) {
                file.truncate(0);
                file.write(List.of(next.encode()), 0);
                file.force(Force.METADATA);
            }
            disk.rename(temporary, names.at(SegmentNames.IDENTITY));
            disk.forceDirectory(names.directory());
            identity = next;
        } catch (DiskException failure) {
            throw unavailable(names.directory(), failure);
        }
    }

    /// A number that no segment has had.
    long nextNumber() throws DiskException {
        var last = new long[] {identity.firstSegment() - 1};
        disk.list(
                names.directory(),
                name -> {
                    long segment = SegmentNames.numberOfSegment(name);
                    long spare = SegmentNames.numberOfSpare(name);
                    last[0] = Math.max(last[0], Math.max(segment, spare));
                });
        return last[0] + 1;
    }

    SegmentFiles files() throws DiskException {
        return new SegmentFiles(place, names, nextNumber());
    }

    /// The id of the database whose log it is.
    public UUID database() {
        return identity.database();
    }

    /// What tells this directory from every other.
    public UUID node() {
        return identity.node();
    }

    /// Where it is. What is changed there through its disk keeps the directory held meanwhile.
    public LocalPlace place() {
        return place;
    }

    Env env() {
        return env;
    }

    /// The tail that was kept aside when this process took over; null if there was none.
    public @Nullable Diverged diverged() {
        return diverged;
    }

    @Override
    public void close() {
        letGo();
    }

    /// Lets go of the directory, as soon as no change to it is under way; none begins from now on.
    /// Returns how many still are, as where a thread hangs in a call to the disk. Idempotent.
    int letGo() {
        try {
            return disk.letGo();
        } catch (DiskException failure) {
            throw unavailable(names.directory(), failure);
        }
    }

    static Unavailable unavailable(Path directory, DiskException failure) {
        return new Unavailable(
                "the local log's disk failed: %s. directory=`%s`"
                        .formatted(failure.getMessage(), directory),
                failure);
    }
}
