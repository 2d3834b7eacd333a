package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.LockAttempt;
import dev.holdfast.base.file.OpenMode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The real disk, but for forces that fail as often as it is told: what such a force covered is
/// gone, and the next force of the same file succeeds and does nothing.
final class ForgetfulDisk implements Disk {
    private final Disk inner = Disk.system();
    private int failures;

    /// The next `count` forces of content fail.
    void failForces(int count) {
        failures = count;
    }

    private boolean fails() {
        return 0 < failures && 0 <= --failures;
    }

    @Override
    public DiskFile open(Path file, OpenMode mode) throws DiskException {
        return new File(inner.open(file, mode));
    }

    private record Span(long position, int length) {}

    private final class File implements DiskFile {
        private final DiskFile file;
        private final List<Span> unforced = new ArrayList<>();

        File(DiskFile file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws DiskException {
            return file.read(target, position);
        }

        @Override
        public void write(List<Bytes> parts, long position) throws DiskException {
            int length = parts.stream().mapToInt(Bytes::length).sum();
            unforced.add(new Span(position, length));
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
            if (what == Force.CONTENT && fails()) {
                for (Span span : unforced)
                    file.write(List.of(Bytes.wrap(new byte[span.length])), span.position);
                unforced.clear();
                throw new DiskException.Failed("Input/output error", null);
            }
            unforced.clear();
            file.force(what);
        }

        @Override
        public void close() throws DiskException {
            file.close();
        }
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
