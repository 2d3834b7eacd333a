package dev.holdfast.bench.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.LockAttempt;
import dev.holdfast.base.file.OpenMode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A disk on which every force of a file takes a fixed time longer, so that figures do not depend
/// on how fast the machine's own happens to be. Thread-safe.
final class SlowDisk implements Disk {
    private final Disk inner;
    private final Duration delay;
    private final Env env;

    SlowDisk(Disk inner, Duration delay, Env env) {
        this.inner = inner;
        this.delay = delay;
        this.env = env;
    }

    @Override
    public DiskFile open(Path file, OpenMode mode) throws DiskException {
        return new SlowFile(inner.open(file, mode));
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

    private final class SlowFile implements DiskFile {
        private final DiskFile file;

        private SlowFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws DiskException {
            return file.read(target, position);
        }

        @Override
        public void write(List<Bytes> parts, long position) throws DiskException {
            file.write(parts, position);
        }

        @Override
        public long size() throws DiskException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws DiskException {
            file.truncate(size);
        }

        @Override
        public void preallocate(long size) throws DiskException {
            file.preallocate(size);
        }

        @Override
        public void force(Force what) throws DiskException {
            file.force(what);
            try {
                env.sleep(delay);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() throws DiskException {
            file.close();
        }
    }
}
