package dev.holdfast.base.file;

import dev.holdfast.base.Adapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The disks of this machine.
@Adapter("files of this machine")
final class SystemDisk implements Disk {
    static final SystemDisk INSTANCE = new SystemDisk();
    private static final FileAttribute<?>[] NONE = {};

    private SystemDisk() {}

    @Override
    public DiskFile open(Path file, OpenMode mode) throws DiskException {
        boolean isMade = mode == OpenMode.CREATE || mode == OpenMode.CREATE_FRESH;
        FileAttribute<?>[] rights = isMade ? privateTo(file, "rw-------") : NONE;
        return SystemDiskFile.open(file, optionsOf(mode), rights);
    }

    private static Set<OpenOption> optionsOf(OpenMode mode) {
        var read = StandardOpenOption.READ;
        var write = StandardOpenOption.WRITE;
        return switch (mode) {
            case READ -> Set.of(read, LinkOption.NOFOLLOW_LINKS);
            case WRITE -> Set.of(read, write, LinkOption.NOFOLLOW_LINKS);
            case CREATE ->
                    Set.of(read, write, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS);
            case CREATE_FRESH -> Set.of(read, write, StandardOpenOption.CREATE_NEW);
        };
    }

    @Override
    public @Nullable DiskEntry look(Path path) throws DiskException {
        try {
            var found =
                    Files.readAttributes(
                            path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new DiskEntry(kindOf(found), found.size(), found.lastModifiedTime().toMillis());
        } catch (IOException failure) {
            DiskException known = SystemFailure.of(failure);
            if (known instanceof DiskException.Absent) return null;
            throw known;
        }
    }

    private static DiskEntry.Kind kindOf(BasicFileAttributes found) {
        if (found.isRegularFile()) return DiskEntry.Kind.FILE;
        return found.isDirectory() ? DiskEntry.Kind.DIRECTORY : DiskEntry.Kind.OTHER;
    }

    @Override
    public void list(Path directory, Consumer<String> visitor) throws DiskException {
        try (var entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) visitor.accept(entry.getFileName().toString());
        } catch (DirectoryIteratorException failure) {
            throw SystemFailure.of(failure.getCause());
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        }
    }

    @Override
    public void rename(Path source, Path target) throws DiskException {
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        }
    }

    @Override
    public void link(Path file, Path name) throws DiskException {
        try {
            Files.createLink(name, file);
        } catch (UnsupportedOperationException noLinks) {
            throw new DiskException.Refused("file system without hard links", noLinks);
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        }
    }

    @Override
    public boolean delete(Path path) throws DiskException {
        try {
            Files.delete(path);
            return true;
        } catch (NoSuchFileException absent) {
            return false;
        } catch (IOException failure) {
            DiskException known = SystemFailure.of(failure);
            if (known instanceof DiskException.Absent) return false;
            throw known;
        }
    }

    @Override
    public void createDirectory(Path directory) throws DiskException {
        try {
            Files.createDirectory(directory, privateTo(directory, "rwx------"));
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        }
    }

    private static FileAttribute<?>[] privateTo(Path path, String rights) {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) return NONE;
        var owner = PosixFilePermissions.fromString(rights);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(owner)};
    }

    @Override
    public void forceDirectory(Path directory) throws DiskException {
        var read = Set.of(StandardOpenOption.READ);
        try (var file = SystemDiskFile.open(directory, read, NONE)) {
            file.force(Force.METADATA);
        }
    }

    @Override
    public Path real(Path path) throws DiskException {
        try {
            return path.toRealPath();
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        }
    }

    @Override
    public boolean writeAttribute(Path file, String name, String value) throws DiskException {
        UserDefinedFileAttributeView view = attributesOf(file);
        if (view == null) return false;
        try {
            view.write(name, ByteBuffer.wrap(value.getBytes(StandardCharsets.US_ASCII)));
            return true;
        } catch (IOException failure) {
            if (SystemFailure.isUnsupported(failure)) return false;
            throw SystemFailure.of(failure);
        }
    }

    @Override
    public @Nullable String readAttribute(Path file, String name, int lengthMax)
            throws DiskException {
        UserDefinedFileAttributeView view = attributesOf(file);
        if (view == null) return null;
        try {
            if (!view.list().contains(name) || lengthMax < view.size(name)) return null;
            ByteBuffer text = ByteBuffer.allocate(lengthMax);
            view.read(name, text);
            return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        }
    }

    private static @Nullable UserDefinedFileAttributeView attributesOf(Path file) {
        return Files.getFileAttributeView(
                file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public LockAttempt tryLock(Path file, String holder) throws DiskException {
        return SystemLock.tryTake(file, holder);
    }

    @Override
    public long usableBytes(Path path) throws DiskException {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException failure) {
            throw SystemFailure.of(failure);
        }
    }
}
