package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.DiskLock;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.ForwardingDisk;
import dev.holdfast.base.file.ForwardingFile;
import dev.holdfast.base.file.OpenMode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The disk as whoever holds the directory of a local log changes it.
///
/// Invariant: the lock of the directory goes only when no change is under way, and none begins
/// afterwards. A thread that hangs in a call keeps the directory held until the call is over.
///
/// Thread-safe.
final class HeldDisk extends ForwardingDisk {
    private final DiskLock lock;
    private final ReentrantLock guard = new ReentrantLock(); // held for moments, never over I/O
    private int underWay; // guarded by `guard`
    private boolean isLetGo; // guarded by `guard`

    HeldDisk(Disk inner, DiskLock lock) {
        super(inner);
        this.lock = lock;
    }

    /// Something that changes what lies on the disk.
    private interface Change<T> {
        T make() throws DiskException;
    }

    /// The same without a result.
    private interface Step {
        void make() throws DiskException;
    }

    private <T> T changed(Change<T> change) throws DiskException {
        enter();
        try {
            return change.make();
        } finally {
            leave();
        }
    }

    private void change(Step step) throws DiskException {
        enter();
        try {
            step.make();
        } finally {
            leave();
        }
    }

    private void enter() throws DiskException {
        guard.lock();
        try {
            if (isLetGo) throw new DiskException.Refused("the directory was let go", null);
            underWay++;
        } finally {
            guard.unlock();
        }
    }

    private void leave() throws DiskException {
        boolean isLast;
        guard.lock();
        try {
            underWay--;
            isLast = isLetGo && underWay == 0;
        } finally {
            guard.unlock();
        }
        if (isLast) lock.close();
    }

    /// No change begins from now on; the directory is free once none is under way. Returns how many
    /// still are. Idempotent.
    int letGo() throws DiskException {
        int left;
        guard.lock();
        try {
            isLetGo = true;
            left = underWay;
        } finally {
            guard.unlock();
        }
        if (left == 0) lock.close();
        return left;
    }

    @Override
    public DiskFile open(Path file, OpenMode mode) throws DiskException {
        return mode == OpenMode.READ
                ? super.open(file, mode)
                : new HeldFile(changed(() -> super.open(file, mode)));
    }

    @Override
    public void rename(Path source, Path target) throws DiskException {
        change(() -> super.rename(source, target));
    }

    @Override
    public void link(Path file, Path name) throws DiskException {
        change(() -> super.link(file, name));
    }

    @Override
    public boolean delete(Path path) throws DiskException {
        return changed(() -> super.delete(path));
    }

    @Override
    public void createDirectory(Path directory) throws DiskException {
        change(() -> super.createDirectory(directory));
    }

    @Override
    public void forceDirectory(Path directory) throws DiskException {
        change(() -> super.forceDirectory(directory));
    }

    @Override
    public boolean writeAttribute(Path file, String name, String value) throws DiskException {
        return changed(() -> super.writeAttribute(file, name, value));
    }

    /// A file of it. Reading and closing it change nothing.
    private final class HeldFile extends ForwardingFile {
        HeldFile(DiskFile inner) {
            super(inner);
        }

        @Override
        public void write(List<Bytes> parts, long position) throws DiskException {
            change(() -> super.write(parts, position));
        }

        @Override
        public void truncate(long size) throws DiskException {
            change(() -> super.truncate(size));
        }

        @Override
        public void preallocate(long size) throws DiskException {
            change(() -> super.preallocate(size));
        }

        @Override
        public void force(Force what) throws DiskException {
            change(() -> super.force(what));
        }
    }
}
