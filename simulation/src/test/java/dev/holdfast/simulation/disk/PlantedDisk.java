package dev.holdfast.simulation.disk;

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
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A disk used wrongly: what a store does that has a known bug, seen from below.
record PlantedDisk(Disk disk, Bug bug) implements Disk {
    /// The bugs.
    enum Bug {
        NONE,
        /// The bytes are not forced before the file gets its name.
        NO_FILE_FORCE,
        /// The name is not forced before it is acknowledged.
        NO_DIRECTORY_FORCE,
        /// A force that failed is taken for one that did not.
        FAILURE_IGNORED,
        /// A force that failed is repeated, and the repeat is believed.
        RETRY_AND_CLAIM
    }

    private void force(Forcing forcing) throws DiskException {
        try {
            forcing.force();
        } catch (DiskException.Failed failure) {
            switch (bug) {
                case FAILURE_IGNORED -> {}
                case RETRY_AND_CLAIM -> forcing.force();
                default -> throw failure;
            }
        }
    }

    @Override
    public DiskFile open(Path path, OpenMode mode) throws DiskException {
        return new PlantedFile(disk.open(path, mode));
    }

    @Override
    public @Nullable DiskEntry look(Path path) throws DiskException {
        return disk.look(path);
    }

    @Override
    public void list(Path directory, Consumer<String> visitor) throws DiskException {
        disk.list(directory, visitor);
    }

    @Override
    public void rename(Path source, Path target) throws DiskException {
        disk.rename(source, target);
    }

    @Override
    public void link(Path file, Path name) throws DiskException {
        disk.link(file, name);
    }

    @Override
    public boolean delete(Path path) throws DiskException {
        return disk.delete(path);
    }

    @Override
    public void createDirectory(Path directory) throws DiskException {
        disk.createDirectory(directory);
    }

    @Override
    public void forceDirectory(Path directory) throws DiskException {
        if (bug != Bug.NO_DIRECTORY_FORCE) force(() -> disk.forceDirectory(directory));
    }

    @Override
    public Path real(Path path) throws DiskException {
        return disk.real(path);
    }

    @Override
    public boolean writeAttribute(Path file, String name, String value) throws DiskException {
        return disk.writeAttribute(file, name, value);
    }

    @Override
    public @Nullable String readAttribute(Path file, String name, int lengthMax)
            throws DiskException {
        return disk.readAttribute(file, name, lengthMax);
    }

    @Override
    public LockAttempt tryLock(Path file, String holder) throws DiskException {
        return disk.tryLock(file, holder);
    }

    @Override
    public long usableBytes(Path path) throws DiskException {
        return disk.usableBytes(path);
    }

    /// One force.
    private interface Forcing {
        void force() throws DiskException;
    }

    /// A file of it.
    private final class PlantedFile implements DiskFile {
        private final DiskFile file;

        PlantedFile(DiskFile file) {
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
            if (bug != Bug.NO_FILE_FORCE) PlantedDisk.this.force(() -> file.force(what));
        }

        @Override
        public void close() throws DiskException {
            file.close();
        }
    }
}
