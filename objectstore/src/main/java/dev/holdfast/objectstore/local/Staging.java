package dev.holdfast.objectstore.local;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.base.file.Stretches;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Where bytes are written and fsynced before they get their name: a hidden directory at the root.
///
/// It is made at the first put, so that a store that is only read is never written to. Files that
/// processes left there when they died are removed then, once they are older than an hour: should
/// their writer have been asleep all that time, its put finds its file gone and ends unknown.
final class Staging {
    private static final String NAME = Directories.RESERVED + "-tmp";
    private static final Duration LEFT_OVER_AFTER = Duration.ofHours(1);
    private static final int LEFT_OVERS_MAX = 10_000; // the rest at the next opening

    private final Directories directories;
    private final Disk disk;
    private final Env env;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable Path directory; // null until the first put
    private volatile boolean keepsAttributes; // written before `directory`

    Staging(Directories directories, Env env, Disk disk) {
        this.directories = directories;
        this.disk = disk;
        this.env = env;
    }

    /// Writes `parts` to a fresh file with `putId` beside it where the file system keeps
    /// attributes, and makes it durable. Nothing is left behind on failure.
    Path write(List<Bytes> parts, @Nullable Ulid putId) {
        directories.checkWritable();
        Path file = open().resolve(Ulid.next(env) + ".part");
        try {
            writeAndSync(file, parts, putId);
            return file;
        } catch (DiskException failure) {
            throw failed(file, parts, failure);
        }
    }

    /// Removes a staged file; what cannot be removed now is left for the next opening.
    void discard(Path file) {
        try {
            disk.delete(file);
        } catch (DiskException failure) {
            System.getLogger(Staging.class.getName())
                    .log(
                            System.Logger.Level.DEBUG,
                            "staged file not removed: path=`{0}` cause=`{1}`",
                            file,
                            failure.getMessage());
        }
    }

    private void writeAndSync(Path path, List<Bytes> parts, @Nullable Ulid putId)
            throws DiskException {
        try (DiskFile file = disk.open(path, OpenMode.CREATE_FRESH)) {
            if (putId != null && keepsAttributes) PutIdAttribute.write(disk, path, putId);
            Stretches.write(file, parts);
            file.force(Force.METADATA); // the attributes too
        }
    }

    private ObjectStoreException failed(Path file, List<Bytes> parts, DiskException failure) {
        discard(file);
        if (failure instanceof DiskException.Absent) { // the directory vanished
            directories.forgetParentOf(file);
            directory = null;
        }
        long needed = parts.stream().mapToLong(Bytes::length).sum();
        ObjectStoreException known = IoFailure.of("object not written", file, failure);
        if (known instanceof Refused || !isFull(needed)) return known;
        return new Refused("disk full. path=`" + directories.root() + "`", failure);
    }

    // The reason in the exception may be in any language; the free space is not.
    private boolean isFull(long needed) {
        try {
            return disk.usableBytes(directories.root()) < needed;
        } catch (DiskException unanswered) {
            return false;
        }
    }

    private Path open() {
        Path known = directory;
        if (known != null) return known;
        opening.lock();
        try {
            Path opened = directory;
            if (opened != null) return opened;
            opened = directories.ensureBelowRoot(NAME);
            removeLeftOvers(opened);
            probe(opened);
            directory = opened;
            return opened;
        } catch (DiskException failure) {
            throw IoFailure.of(
                    "staging directory not usable", directories.root().resolve(NAME), failure);
        } finally {
            opening.unlock();
        }
    }

    private void removeLeftOvers(Path staging) throws DiskException {
        long oldest = env.currentTimeMillis() - LEFT_OVER_AFTER.toMillis();
        List<Path> found = new ArrayList<>();
        disk.list(
                staging,
                name -> {
                    if (found.size() < LEFT_OVERS_MAX) found.add(staging.resolve(name));
                });
        for (Path file : found) {
            DiskEntry entry = disk.look(file);
            if (entry != null && entry.modifiedMillis() < oldest) discard(file);
        }
    }

    // Conditional create stands on hard links: a file system without them is refused before
    // anything depends on it.
    private void probe(Path staging) throws DiskException {
        Path file = staging.resolve(Ulid.next(env) + ".probe");
        Path link = staging.resolve(Ulid.next(env) + ".probe");
        try {
            disk.open(file, OpenMode.CREATE_FRESH).close();
            disk.link(file, link);
            keepsAttributes = PutIdAttribute.isKeptOn(disk, file, Ulid.next(env));
        } finally {
            discard(link);
            discard(file);
        }
    }
}
