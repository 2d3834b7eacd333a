package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The parts on a disk that may fail: as long as it works there is an [Arena], and while it does
/// not there is none. A disk that failed is left alone for a while. Thread-safe.
final class DiskParts implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DiskParts.class.getName());
    private static final Duration ALONE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final DiskCacheSettings settings;
    private final Disk disk;
    private final Env env;
    private final LongAdder damaged = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder evictionsBefore = new LongAdder();
    private final AtomicBoolean isFailing = new AtomicBoolean();
    private final AtomicBoolean isBusy = new AtomicBoolean(); // opening, or looking
    private volatile Deadline leftAloneUntil;
    private volatile Deadline nextLook;
    private volatile boolean isClosed = true;
    private volatile @Nullable Arena arena;

    DiskParts(DiskCacheSettings settings, Disk disk, Env env) {
        this.settings = settings;
        this.disk = disk;
        this.env = env;
        leftAloneUntil = Deadline.after(env, Duration.ZERO);
        nextLook = Deadline.after(env, LOOK);
    }

    /// Takes the directory into use, if the disk lets it.
    void open() {
        if (!isClosed) return;
        isClosed = false;
        reopen();
    }

    /// Null while the disk is left alone, and while this is not open.
    @Nullable Arena arena() {
        if (isClosed || !leftAloneUntil.isExpired()) return null;
        Arena open = arena;
        if (open == null) return reopen();
        return nextLook.isExpired() && !isStillThere(open) ? null : open;
    }

    // The directory was not usable before: perhaps it is by now. One thread looks.
    private @Nullable Arena reopen() {
        if (isClosed || !isBusy.compareAndSet(false, true)) return null;
        try {
            Arena opened = Arena.open(settings, disk);
            arena = opened;
            if (isClosed) letGo();
            return opened;
        } catch (DiskException failure) {
            failed(failure);
            return null;
        } finally {
            isBusy.set(false);
        }
    }

    // Open files outlive their directory, and would hold its room for ever.
    private boolean isStillThere(Arena open) {
        if (!isBusy.compareAndSet(false, true)) return true;
        try {
            nextLook = Deadline.after(env, LOOK);
            if (!open.isGone()) return true;
            failed(new DiskException.Absent("the directory of the cache is gone", null));
            return false;
        } catch (DiskException failure) {
            failed(failure);
            return false;
        } finally {
            isBusy.set(false);
        }
    }

    /// A pinned part's content from `from` on, at most `length` bytes of it, fewer where it ends.
    /// Null if it cannot be had, in which case it is not there any more.
    @Nullable Bytes read(Arena from, Part part, PartRange range, int i) {
        Bytes content = null;
        try {
            content = from.read(part, range.object(), range.from(i), range.length(i));
            if (content == null) damaged(part);
            else worked();
        } catch (DiskException failure) {
            failed(failure);
        }
        if (content == null) from.table().drop(part);
        from.table().unpin(part);
        return content;
    }

    private void damaged(Part part) {
        damaged.increment();
        LOG.log(
                System.Logger.Level.DEBUG,
                "damaged part thrown away. slot=`{0}`",
                String.valueOf(part.slot));
    }

    /// Takes room for a part that is about to be fetched. It is fetched all the same if there is
    /// none.
    void reserve(Arena in, Part part) {
        try {
            in.reserve(part);
        } catch (DiskException failure) {
            failed(failure);
        }
    }

    /// Keeps `content` as the part, if there is room for it.
    void write(Arena in, Part part, PartRange range, Bytes content) {
        try {
            in.write(part, range.object(), content);
            worked();
        } catch (DiskException failure) {
            failed(failure);
        }
    }

    /// Drops what there is of an object.
    void forget(ObjectKey object) {
        Arena open = arena;
        if (open == null) return;
        try {
            open.forget(object);
        } catch (DiskException failure) {
            failed(failure);
        }
    }

    private void failed(DiskException failure) {
        if (isClosed) return;
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

    long bytes() {
        Arena open = arena;
        return open == null ? 0 : open.bytes();
    }

    long damaged() {
        return damaged.sum();
    }

    long evictions() {
        Arena open = arena;
        return evictionsBefore.sum() + (open == null ? 0 : open.table().evictions());
    }

    long failures() {
        return failures.sum();
    }

    @Override
    public void close() {
        if (isClosed) return;
        isClosed = true;
        Arena open = arena;
        try {
            if (open != null && leftAloneUntil.isExpired()) open.persist();
        } catch (DiskException failure) {
            quietly(failure);
        }
        letGo();
    }

    private synchronized @Nullable Arena takeArena() {
        Arena open = arena;
        arena = null;
        return open;
    }

    // Files are closed under whoever still reads them: that reader asks the store.
    private void letGo() {
        Arena open = takeArena();
        if (open == null) return;
        evictionsBefore.add(open.table().evictions());
        try {
            open.close();
        } catch (DiskException failure) {
            quietly(failure);
        }
    }

    private static void quietly(DiskException failure) {
        LOG.log(System.Logger.Level.DEBUG, "closing a cache: {0}", failure.getMessage());
    }
}
