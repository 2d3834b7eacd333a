package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.DiskLock;
import dev.holdfast.base.file.LockAttempt;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The files of a disk cache: one a part, each of which says what it is of and proves its content.
///
/// A file gets its name only once it is written, and nothing is forced: what a power cut leaves of
/// it shows as damaged, and damaged files are thrown away. Where the disk fails, it is left alone
/// for a while. Thread-safe.
///
/// Invariant: what [#read] returns was written under that very id, whole.
final class PartFiles implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PartFiles.class.getName());
    private static final String LOCK = "LOCK";
    private static final String FRESH = "fresh-";
    private static final Duration ALONE = Duration.ofSeconds(30);

    private final DiskCacheSettings settings;
    private final Disk disk;
    private final Env env;
    private final PartQueue queue;
    private final LongAdder damaged = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private final AtomicBoolean isFailing = new AtomicBoolean();
    private final AtomicBoolean isOpening = new AtomicBoolean();
    private volatile Deadline leftAloneUntil;
    private volatile boolean isClosed;
    private volatile @Nullable DiskLock lock;

    PartFiles(DiskCacheSettings settings, Disk disk, Env env) {
        this.settings = settings;
        this.disk = disk;
        this.env = env;
        queue = new PartQueue(settings.size().bytes());
        leftAloneUntil = Deadline.after(env, Duration.ZERO);
        try {
            open();
        } catch (DiskException failure) {
            failed(failure);
        }
    }

    // What is there is taken over; what does not belong is deleted, and so is what is too much.
    private void open() throws DiskException {
        if (disk.look(settings.directory()) == null) makeDirectories(settings.directory());
        switch (disk.tryLock(settings.directory().resolve(LOCK), "holdfast disk cache")) {
            case LockAttempt.Taken(DiskLock taken) -> lock = taken;
            case LockAttempt.Held(String holder) ->
                    throw new DiskException.Refused("cache directory in use: " + holder, null);
        }
        List<String> names = new ArrayList<>();
        long namesMax = 16 + 16 * (settings.size().bytes() / settings.part().bytes());
        disk.list(
                settings.directory(),
                name -> {
                    if (names.size() < namesMax) names.add(name);
                });
        names.sort(null);
        for (String name : names) takeOver(name);
    }

    private void makeDirectories(Path directory) throws DiskException {
        Path above = directory.getParent();
        if (above != null && disk.look(above) == null) makeDirectories(above);
        disk.createDirectory(directory);
    }

    private void takeOver(String name) throws DiskException {
        if (name.equals(LOCK)) return;
        DiskEntry entry = disk.look(settings.directory().resolve(name));
        if (entry == null || !entry.isFile()) return;
        if (PartId.isFileName(name)) delete(queue.add(name, entry.size()));
        else if (name.startsWith(FRESH)) disk.delete(settings.directory().resolve(name));
    }

    /// True if the part is there, which is a use of it.
    boolean use(PartId id) {
        return isInUse() && queue.use(id.fileName());
    }

    /// True if the part is there, which is no use of it.
    boolean holds(PartId id) {
        return isInUse() && queue.holds(id.fileName());
    }

    /// False while the disk is left alone, because it failed.
    boolean isInUse() {
        return leftAloneUntil.isExpired() && (lock != null || reopen());
    }

    // The directory was not usable before: perhaps it is by now. One thread looks.
    private boolean reopen() {
        if (isClosed || !isOpening.compareAndSet(false, true)) return false;
        try {
            open();
            return true;
        } catch (DiskException failure) {
            failed(failure);
            return false;
        } finally {
            isOpening.set(false);
        }
    }

    /// `length` bytes of the part from `from` on; null if it is not there, ends before that, or is
    /// damaged, in which case it is not there any more.
    @Nullable Bytes read(PartId id, int from, int length) {
        String name = id.fileName();
        try (DiskFile file = disk.open(path(name), OpenMode.READ)) {
            PartHeader header = header(file, id);
            Bytes content = header == null ? null : content(file, header, from, length);
            if (content == null) throwAway(name);
            else worked();
            return content;
        } catch (DiskException.Absent gone) {
            queue.remove(name);
            if (isDirectoryGone()) failed(gone);
            return null;
        } catch (DiskException failure) {
            failed(failure);
            return null;
        }
    }

    private @Nullable PartHeader header(DiskFile file, PartId id) throws DiskException {
        byte[] bytes = new byte[PartHeader.BYTES];
        boolean isWhole = file.read(ByteBuffer.wrap(bytes), 0) == bytes.length;
        PartHeader header = isWhole ? PartHeader.decode(bytes, id) : null;
        return header != null && header.partBytes() == settings.part().bytes() ? header : null;
    }

    private static @Nullable Bytes content(DiskFile file, PartHeader header, int from, int length)
            throws DiskException {
        if (header.length() < from + length) return null;
        int first = from / PartHeader.CHUNK_BYTES;
        int start = first * PartHeader.CHUNK_BYTES;
        int chunks = (from + length - start + PartHeader.CHUNK_BYTES - 1) / PartHeader.CHUNK_BYTES;
        int end = Math.min(header.length(), start + chunks * PartHeader.CHUNK_BYTES);
        byte[] bytes = new byte[end - start];
        if (file.read(ByteBuffer.wrap(bytes), PartHeader.BYTES + (long) start) != bytes.length)
            return null;
        Bytes piece = Bytes.wrap(bytes);
        return header.fits(first, piece) ? piece.slice(from - start, from - start + length) : null;
    }

    private void throwAway(String name) {
        damaged.increment();
        queue.remove(name);
        LOG.log(System.Logger.Level.DEBUG, "damaged part thrown away. file=`{0}`", name);
        try {
            disk.delete(path(name));
        } catch (DiskException failure) {
            failed(failure);
        }
    }

    /// Keeps `content` as the part, if there is room on the disk.
    void write(PartId id, long objectSize, Bytes content) {
        int partBytes = (int) settings.part().bytes();
        PartHeader header = PartHeader.over(id, objectSize, partBytes, content);
        if (header == null || !isInUse()) return;
        Path fresh = path(FRESH + Ulid.next(env));
        try {
            long size = PartHeader.BYTES + (long) content.length();
            if (disk.usableBytes(settings.directory()) < settings.spare().bytes() + size) return;
            String name = id.fileName();
            try (DiskFile file = disk.open(fresh, OpenMode.CREATE_FRESH)) {
                file.write(List.of(header.encode(), content), 0);
            }
            disk.rename(fresh, path(name));
            delete(queue.add(name, size));
            worked();
        } catch (DiskException failure) {
            failed(failure);
            deleteQuietly(fresh);
        }
    }

    /// Drops the part.
    void forget(PartId id) {
        String name = id.fileName();
        if (!queue.holds(name)) return;
        queue.remove(name);
        deleteQuietly(path(name));
    }

    private void delete(List<String> names) throws DiskException {
        evictions.add(names.size());
        for (String name : names) disk.delete(path(name));
    }

    // Left behind it is found at the next start.
    private void deleteQuietly(Path path) {
        try {
            disk.delete(path);
        } catch (DiskException failure) {
            LOG.log(System.Logger.Level.DEBUG, "cache file left behind: {0}", failure.getMessage());
        }
    }

    private boolean isDirectoryGone() {
        try {
            return disk.look(settings.directory()) == null;
        } catch (DiskException failure) {
            return true;
        }
    }

    private void failed(DiskException failure) {
        failures.increment();
        leftAloneUntil = Deadline.after(env, ALONE);
        if (failure instanceof DiskException.Absent) letGo(); // to be made again
        if (isFailing.compareAndSet(false, true))
            LOG.log(
                    System.Logger.Level.WARNING,
                    "disk cache bypassed until its disk works. directory=`{0}`, cause=`{1}`",
                    settings.directory(),
                    failure.getMessage());
    }

    private void worked() {
        if (isFailing.get() && isFailing.compareAndSet(true, false))
            LOG.log(
                    System.Logger.Level.INFO,
                    "disk cache in use again. directory=`{0}`",
                    settings.directory());
    }

    private Path path(String name) {
        return settings.directory().resolve(name);
    }

    long bytes() {
        return queue.bytes();
    }

    long damaged() {
        return damaged.sum();
    }

    long evictions() {
        return evictions.sum();
    }

    long failures() {
        return failures.sum();
    }

    @Override
    public void close() {
        isClosed = true;
        letGo();
    }

    private void letGo() {
        DiskLock held = lock;
        lock = null;
        if (held == null) return;
        try {
            held.close();
        } catch (DiskException failure) {
            LOG.log(System.Logger.Level.DEBUG, "lock of a cache: {0}", failure.getMessage());
        }
    }
}
