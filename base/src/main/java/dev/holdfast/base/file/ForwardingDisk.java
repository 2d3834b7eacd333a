package dev.holdfast.base.file;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A disk that passes every call on, for those that change one thing.
public class ForwardingDisk implements Disk {
    protected final Disk inner;

    protected ForwardingDisk(Disk inner) {
        this.inner = inner;
    }

    @Override
    public DiskFile open(Path file, OpenMode mode) throws DiskException {
        return inner.open(file, mode);
    }

    @Override
    public @Nullable DiskEntry look(Path path) throws DiskException {
        return inner.look(path);
    }

    @Override
    public void list(Path directory, Consumer<String> visitor) throws DiskException {
        inner.list(directory, visitor);
    }

    @Override
    public void rename(Path source, Path target) throws DiskException {
        inner.rename(source, target);
    }

    @Override
    public void link(Path file, Path name) throws DiskException {
        inner.link(file, name);
    }

    @Override
    public boolean delete(Path path) throws DiskException {
        return inner.delete(path);
    }

    @Override
    public void createDirectory(Path directory) throws DiskException {
        inner.createDirectory(directory);
    }

    @Override
    public void forceDirectory(Path directory) throws DiskException {
        inner.forceDirectory(directory);
    }

    @Override
    public Path real(Path path) throws DiskException {
        return inner.real(path);
    }

    @Override
    public boolean writeAttribute(Path file, String name, String value) throws DiskException {
        return inner.writeAttribute(file, name, value);
    }

    @Override
    public @Nullable String readAttribute(Path file, String name, int lengthMax)
            throws DiskException {
        return inner.readAttribute(file, name, lengthMax);
    }

    @Override
    public LockAttempt tryLock(Path file, String holder) throws DiskException {
        return inner.tryLock(file, holder);
    }

    @Override
    public long usableBytes(Path path) throws DiskException {
        return inner.usableBytes(path);
    }
}
