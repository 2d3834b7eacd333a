package dev.holdfast.objectstore.local;

import dev.holdfast.base.Adapter;
import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The tree below the root of a local store: from names to paths, and the fsync of directories.
///
/// Invariants:
/// 1. No path leads out of the root: names cannot say so, and no directory on the way is a symbolic
///    link.
/// 2. A directory that an object is put into is itself on the disk, up to the root.
/// 3. After one failed fsync of a directory nothing more is written. The kernel reports such a
///    failure once and forgets it, so a second, successful fsync would prove nothing.
@Adapter("the local object store is files")
final class Directories {
    /// Names with a segment that begins so belong to the store itself.
    static final String RESERVED = ".holdfast";

    private static final int REMEMBERED_MAX = 4096;

    private final Path root;
    private final AtomicReference<@Nullable Path> realRoot = new AtomicReference<>();
    private final Set<Path> plain = ConcurrentHashMap.newKeySet(); // no link on the way
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable IOException> broken = new AtomicReference<>();

    Directories(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /// The root as it was given, made absolute.
    Path root() {
        return root;
    }

    /// Where the object is if it is there, or null if its directory is not.
    @Nullable Path find(String name) {
        ObjectNames.check(name);
        return findPrefix(name);
    }

    /// The path of `prefix`, the part of a name up to a slash or all of it, or null if the
    /// directory that it lies in is not there.
    @Nullable Path findPrefix(String prefix) {
        checkNotReserved(prefix);
        Path path = root.resolve(prefix);
        Path parent = prefix.isEmpty() ? root : parentOf(path);
        return plain.contains(parent) || isPlainDirectory(parent) ? path : null;
    }

    /// Where to put the object; its directory is there, and durably so.
    Path prepare(String name) {
        ObjectNames.check(name);
        checkNotReserved(name);
        checkWritable();
        Path path = root.resolve(name);
        Path parent = parentOf(path);
        try {
            ensure(parent);
        } catch (FileAlreadyExistsException | NotDirectoryException file) {
            throw new Invalid(
                    "name clashes with an object that is a file. name=`" + name + "`", file);
        } catch (IOException failure) {
            throw IoFailure.of("directory not created", parent, failure);
        }
        if (!plain.contains(parent) && !isPlainDirectory(parent))
            throw new Refused("directory vanished. path=`" + parent + "`", null);
        return path;
    }

    /// The directory `name` right below the root, which is created if need be; both are durable.
    Path ensureBelowRoot(String name) {
        checkWritable();
        Path directory = root.resolve(name);
        try {
            ensure(directory);
            return directory;
        } catch (IOException failure) {
            throw IoFailure.of("directory not created", directory, failure);
        }
    }

    /// Makes the entries of the directory of `path` durable.
    void syncParentOf(Path path) throws IOException {
        sync(parentOf(path));
    }

    /// No longer takes for granted that the directory of `path` is there.
    void forgetParentOf(Path path) {
        for (Path gone = parentOf(path); gone.startsWith(root); gone = parentOf(gone)) {
            durable.remove(gone);
            plain.remove(gone);
        }
    }

    void checkWritable() {
        IOException cause = broken.get();
        if (cause != null)
            throw new Refused(
                    "an fsync failed earlier: check the disk, then open the store again", cause);
    }

    private void ensure(Path directory) throws IOException {
        if (durable.contains(directory)) return;
        if (directory.equals(root)) ensureRoot();
        else {
            Path parent = parentOf(directory);
            ensure(parent);
            create(directory);
            sync(parent);
        }
        remember(durable, directory);
    }

    private void ensureRoot() throws IOException {
        for (Path path : missing(root)) {
            create(path);
            sync(parentOf(path));
        }
    }

    /// Creates `directory` and those above it that are missing, for their owner alone.
    static void createAll(Path directory) throws IOException {
        for (Path path : missing(directory)) create(path);
    }

    // The outermost first. Those that were there before are not ours to fsync.
    private static List<Path> missing(Path directory) {
        List<Path> missing = new ArrayList<>();
        Path path = directory.toAbsolutePath().normalize();
        for (; path != null && !Files.isDirectory(path); path = path.getParent()) missing.add(path);
        return missing.reversed();
    }

    private static void create(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, privateTo(directory));
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(directory)) throw there;
        }
    }

    private static FileAttribute<?>[] privateTo(Path path) {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix"))
            return new FileAttribute<?>[0];
        var owner = PosixFilePermissions.fromString("rwx------");
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(owner)};
    }

    private void sync(Path directory) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (!syncedUninterrupted(directory)) interrupted = true;
        } catch (NoSuchFileException gone) {
            throw gone;
        } catch (IOException failure) {
            broken.compareAndSet(null, failure);
            throw failure;
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    // An interrupt closes the channel it hits: an fsync cut off so has not failed, it is repeated.
    private static boolean syncedUninterrupted(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException cutOff) {
            Thread.interrupted();
            return false;
        }
    }

    // The real path of a directory that no link leads to is the path itself.
    private boolean isPlainDirectory(Path directory) {
        try {
            Path real = directory.toRealPath();
            Path expected = realRoot().resolve(root.relativize(directory)).normalize();
            if (!real.equals(expected))
                throw new Refused("symbolic link inside the store. path=`" + directory + "`", null);
            if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) return false;
            remember(plain, directory);
            return true;
        } catch (NoSuchFileException | NotDirectoryException absent) {
            return false;
        } catch (IOException failure) {
            if (isBelowAFile(directory)) return false;
            throw IoFailure.of("directory not readable", directory, failure);
        }
    }

    private boolean isBelowAFile(Path directory) {
        for (Path path = directory; path.startsWith(root); path = parentOf(path))
            if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) return true;
        return false;
    }

    private Path realRoot() throws IOException {
        Path known = realRoot.get();
        if (known != null) return known;
        Path found = root.toRealPath();
        realRoot.set(found);
        return found;
    }

    private static void checkNotReserved(String name) throws ObjectStoreException {
        if (name.startsWith(RESERVED) || name.contains("/" + RESERVED))
            throw new Invalid("name belongs to the store itself. name=`" + name + "`", null);
    }

    private static void remember(Set<Path> set, Path path) {
        if (REMEMBERED_MAX <= set.size()) set.clear();
        set.add(path);
    }

    private static Path parentOf(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }
}
