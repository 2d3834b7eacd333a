package dev.holdfast.objectstore.local;

import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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
/// 3. Nothing is put into a directory before the names that were found there are on the disk.
/// 4. After one failed fsync of a directory nothing more is written. The kernel reports such a
///    failure once and forgets it, so a second, successful fsync would prove nothing.
final class Directories {
    /// Names with a segment that begins so belong to the store itself.
    static final String RESERVED = ".holdfast";

    private static final int REMEMBERED_MAX = 4096;

    private final Path root;
    private final Disk disk;
    private final AtomicReference<@Nullable Path> realRoot = new AtomicReference<>();
    private final Set<Path> plain = ConcurrentHashMap.newKeySet(); // no link on the way
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable DiskException> broken = new AtomicReference<>();

    Directories(Path root, Disk disk) {
        this.root = root.toAbsolutePath().normalize();
        this.disk = disk;
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
        } catch (DiskException.Exists file) {
            throw new Invalid(
                    "name clashes with an object that is a file. name=`" + name + "`", file);
        } catch (DiskException failure) {
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
        } catch (DiskException failure) {
            throw IoFailure.of("directory not created", directory, failure);
        }
    }

    /// Makes the entries of the directory of `path` durable.
    void syncParentOf(Path path) throws DiskException {
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
        DiskException cause = broken.get();
        if (cause != null)
            throw new Refused(
                    "an fsync failed earlier: check the disk, then open the store again", cause);
    }

    private void ensure(Path directory) throws DiskException {
        if (durable.contains(directory)) return;
        if (directory.equals(root)) ensureRoot();
        else {
            Path parent = parentOf(directory);
            ensure(parent);
            boolean isNew = create(disk, directory);
            sync(parent);
            // Names that are there may be those of a process that died before it forced them: what
            // comes next must not outlast them.
            if (!isNew) sync(directory);
        }
        remember(durable, directory);
    }

    // Those above that are there already may have been made a moment ago, by someone who died, or
    // by
    // the lock of this very process: nobody but us makes sure that they last.
    private void ensureRoot() throws DiskException {
        List<Path> missing = missing(disk, root);
        for (Path path : missing) create(disk, path);
        Set<Path> chains = new LinkedHashSet<>(List.of(root, realRoot()));
        for (Path chain : chains)
            for (Path path = chain; path.getParent() != null; path = parentOf(path))
                if (missing.contains(path)) sync(parentOf(path));
                else syncIfAllowed(parentOf(path));
    }

    // Where we may not look, another has made it and answers for it.
    private void syncIfAllowed(Path directory) throws DiskException {
        try {
            disk.forceDirectory(directory);
        } catch (DiskException.Refused notOurs) {
            return;
        } catch (DiskException failure) {
            broken.compareAndSet(null, failure);
            throw failure;
        }
    }

    /// Creates `directory` and those above it that are missing, for their owner alone.
    static void createAll(Disk disk, Path directory) throws DiskException {
        for (Path path : missing(disk, directory)) create(disk, path);
    }

    // The outermost first.
    private static List<Path> missing(Disk disk, Path directory) throws DiskException {
        List<Path> missing = new ArrayList<>();
        Path path = directory.toAbsolutePath().normalize();
        for (; path != null && !leadsToDirectory(disk, path); path = path.getParent())
            missing.add(path);
        return missing.reversed();
    }

    // False if it was there already.
    private static boolean create(Disk disk, Path directory) throws DiskException {
        try {
            disk.createDirectory(directory);
            return true;
        } catch (DiskException.Exists there) {
            if (!leadsToDirectory(disk, directory)) throw there;
            return false;
        }
    }

    // Itself, or through links.
    private static boolean leadsToDirectory(Disk disk, Path path) throws DiskException {
        DiskEntry found = disk.look(path);
        if (found == null || found.isFile()) return false;
        if (found.isDirectory()) return true;
        try {
            DiskEntry behind = disk.look(disk.real(path));
            return behind != null && behind.isDirectory();
        } catch (DiskException.Absent dangling) {
            return false;
        }
    }

    private void sync(Path directory) throws DiskException {
        try {
            disk.forceDirectory(directory);
        } catch (DiskException.Absent gone) {
            throw gone;
        } catch (DiskException failure) {
            broken.compareAndSet(null, failure);
            throw failure;
        }
    }

    // The real path of a directory that no link leads to is the path itself.
    private boolean isPlainDirectory(Path directory) {
        try {
            Path real = disk.real(directory);
            Path expected = realRoot().resolve(root.relativize(directory)).normalize();
            if (!real.equals(expected))
                throw new Refused("symbolic link inside the store. path=`" + directory + "`", null);
            DiskEntry found = disk.look(real);
            if (found == null || !found.isDirectory()) return false;
            remember(plain, directory);
            return true;
        } catch (DiskException.Absent absent) {
            return false;
        } catch (DiskException failure) {
            throw IoFailure.of("directory not readable", directory, failure);
        }
    }

    private Path realRoot() throws DiskException {
        Path known = realRoot.get();
        if (known != null) return known;
        Path found = disk.real(root);
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
