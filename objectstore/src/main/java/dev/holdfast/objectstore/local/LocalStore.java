package dev.holdfast.objectstore.local;

import static dev.holdfast.base.Checks.require;
import static java.util.Objects.requireNonNull;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.AlreadyExists;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Objects as plain files below a directory: the name is the path.
///
/// Invariants:
/// 1. A file gets its name only once its bytes are on the disk, so a name never shows part of an
///    object, whenever the process or the machine dies.
/// 2. [Stored] is answered once the directory entry is on the disk too.
/// 3. A name is taken by making a hard link, which the kernel grants once: that decides races
///    between threads and between processes alike.
/// 4. From the moment of the link or the rename on, a failure is [Unknown].
/// 5. What a put that answered so has left behind is read back only once its name is on the disk:
///    whoever finds it may take the put for carried out.
///
/// The disk sets the time a call takes: the system calls beneath cannot be bounded. Names `a` and
/// `a/b` exclude each other here, and those with a segment that begins with `.holdfast` are the
/// store's own. Files that no name can mean, such as SlateDB's staged `x#1`, are not listed.
public final class LocalStore implements ObjectStore {
    private static final int WHOLE_BYTES_MAX = Integer.MAX_VALUE - 8;

    private final Disk disk;
    private final Directories directories;
    private final Staging staging;
    // Created, but the fsync of their directory failed. Bounded: nothing is written after that.
    private final Set<String> doubtful = ConcurrentHashMap.newKeySet();
    // Directories in which a name was made, or not, by a call that failed: how often. Nobody has
    // forced such a name.
    private final Map<Path, Integer> unforced = new ConcurrentHashMap<>();

    /// The store below `root`, which need not exist: it is made by the first put.
    public LocalStore(Path root, Env env) {
        this(root, env, Disk.system());
    }

    /// The same on another disk than this machine's.
    public LocalStore(Path root, Env env, Disk disk) {
        this.disk = disk;
        this.directories = new Directories(root, disk);
        this.staging = new Staging(directories, env, disk);
    }

    @Override
    public @Nullable Bytes get(String name) {
        return read(
                name,
                file -> {
                    long size = file.size();
                    if (WHOLE_BYTES_MAX < size)
                        throw new Invalid(
                                "object too large to read at once. name=`%s`, size=`%d`"
                                        .formatted(name, size),
                                null);
                    return readFully(file, 0, (int) size, name);
                });
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        return read(
                name,
                file -> {
                    long size = file.size();
                    if (offset < 0 || length < 0 || size - length < offset)
                        throw new Invalid(
                                ("range beyond the end. name=`%s`, offset=`%d`, length=`%d`,"
                                                + " size=`%d`")
                                        .formatted(name, offset, length, size),
                                null);
                    return readFully(file, offset, length, name);
                });
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        return read(
                name,
                file -> {
                    long length = Math.clamp(file.size() - offset, 0, lengthMax);
                    return readFully(file, offset, (int) length, name);
                });
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        Path target = directories.prepare(name);
        if (isDirectory(target)) throw clash(name);
        Path staged = staging.write(parts, null);
        try {
            disk.rename(staged, target);
        } catch (DiskException failure) {
            return unforced(target, failure);
        } finally {
            staging.discard(staged);
        }
        return confirm(name, target, new Stored(Durable.confirmed(name)));
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        Path target = directories.prepare(name);
        Path staged = staging.write(parts, putId);
        try {
            disk.link(staged, target);
        } catch (DiskException.Exists taken) {
            if (isDirectory(target)) throw clash(name);
            // What exists may be built upon, so it has to be as durable as if it were ours.
            return confirm(name, target, new AlreadyExists());
        } catch (DiskException failure) {
            return unforced(target, failure);
        } finally {
            staging.discard(staged);
        }
        return confirm(name, target, new Stored(Durable.confirmed(name)));
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        Path path = directories.find(name);
        if (path == null) return null;
        refuseIfDoubtful(name, path);
        try {
            DiskEntry found = disk.look(path);
            if (found == null || !found.isFile()) return null;
            return new ObjectMeta(
                    name, found.size(), found.modifiedMillis(), PutIdAttribute.read(disk, path));
        } catch (DiskException failure) {
            throw IoFailure.of("object not readable", path, failure);
        }
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        require(1 <= limit && limit <= LIST_LIMIT_MAX, "limit out of range: %d", limit);
        ObjectNames.checkPrefix(prefix);
        String base = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        Path directory = directories.findPrefix(base);
        if (directory == null) return List.of();
        try {
            return new Listing(disk, prefix, after, limit).pageOf(directory, base);
        } catch (DiskException failure) {
            throw IoFailure.of("directory not readable", directory, failure);
        }
    }

    @Override
    public void delete(String name) {
        Path path = directories.find(name);
        if (path == null || isDirectory(path)) return;
        directories.checkWritable();
        try {
            if (disk.delete(path)) directories.syncParentOf(path);
        } catch (DiskException failure) {
            throw IoFailure.of("object not deleted", path, failure);
        }
    }

    @Override
    public String url() {
        String url = "file://" + directories.root().toUri().getRawPath();
        return url.endsWith("/") && url.length() > "file:///".length()
                ? url.substring(0, url.length() - 1)
                : url;
    }

    @Override
    public void close() {}

    private PutResult confirm(String name, Path target, PutResult outcome) {
        try {
            directories.syncParentOf(target);
            return outcome;
        } catch (DiskException failure) {
            doubtful.add(name);
            return unknown(target, failure);
        }
    }

    private Unknown unforced(Path target, DiskException failure) {
        unforced.merge(parentOf(target), 1, Integer::sum);
        return unknown(target, failure);
    }

    private Unknown unknown(Path target, DiskException failure) {
        directories.forgetParentOf(target);
        return new Unknown(IoFailure.of("put neither done nor undone", target, failure));
    }

    private static Invalid clash(String name) {
        return new Invalid("name clashes with a directory. name=`" + name + "`", null);
    }

    // Reading such an object back would prove that the put was carried out, not that it will last.
    private void refuseIfDoubtful(String name, Path path) {
        if (!unforced.isEmpty()) forceName(name, path);
        if (doubtful.contains(name))
            throw new Refused(
                    "the fsync of this object's name failed: check the disk, then open the store"
                            + " again. name=`"
                            + name
                            + "`",
                    null);
    }

    private void forceName(String name, Path path) {
        Path directory = parentOf(path);
        Integer calls = unforced.get(directory);
        if (calls == null) return;
        directories.checkWritable();
        try {
            directories.syncParentOf(path);
            unforced.remove(directory, calls);
        } catch (DiskException.Absent gone) {
            unforced.remove(directory, calls); // and the name with it
        } catch (DiskException failure) {
            doubtful.add(name);
        }
    }

    private static Path parentOf(Path path) {
        return requireNonNull(path.getParent(), "a name lies below the root");
    }

    private @Nullable Bytes read(String name, Reading reading) {
        Path path = directories.find(name);
        if (path == null) return null;
        refuseIfDoubtful(name, path);
        try (DiskFile file = disk.open(path, OpenMode.READ)) {
            Bytes bytes = reading.from(file);
            return bytes.isEmpty() && isDirectory(path) ? null : bytes;
        } catch (Invalid beyondTheEnd) {
            if (isDirectory(path)) return null; // which has a size too, and is no object
            throw beyondTheEnd;
        } catch (DiskException.Absent absent) {
            return null;
        } catch (DiskException failure) {
            if (isDirectory(path)) return null;
            throw IoFailure.of("object not readable", path, failure);
        }
    }

    private boolean isDirectory(Path path) {
        try {
            DiskEntry found = disk.look(path);
            return found != null && found.isDirectory();
        } catch (DiskException failure) {
            throw IoFailure.of("object not readable", path, failure);
        }
    }

    private static Bytes readFully(DiskFile file, long offset, int length, String name)
            throws DiskException {
        byte[] bytes = new byte[length];
        if (file.read(ByteBuffer.wrap(bytes), offset) < length)
            throw new Unavailable("object shrank while it was read. name=`" + name + "`", null);
        return Bytes.wrap(bytes);
    }

    /// Takes what it wants from an open file.
    private interface Reading {
        Bytes from(DiskFile file) throws DiskException;
    }
}
