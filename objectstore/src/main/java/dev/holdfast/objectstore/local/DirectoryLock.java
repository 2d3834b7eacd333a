package dev.holdfast.objectstore.local;

import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskLock;
import dev.holdfast.base.file.LockAttempt;
import dev.holdfast.objectstore.local.LockResult.Acquired;
import dev.holdfast.objectstore.local.LockResult.HeldBy;
import java.nio.file.Path;
import java.time.Instant;

/// One process's claim to be the writer in a directory of this machine.
///
/// A courtesy between processes that share a disk, so that nobody fences a running server by
/// mistake; safety never rests on it. The operating system lets go of it when the process ends,
/// however it ends. The file `.holdfast.lock` stays behind and means nothing by itself.
public final class DirectoryLock implements AutoCloseable {
    /// The file that is locked, in the directory that it stands for.
    public static final String FILE_NAME = Directories.RESERVED + ".lock";

    private final Path file;
    private final DiskLock lock;

    private DirectoryLock(Path file, DiskLock lock) {
        this.file = file;
        this.lock = lock;
    }

    /// Tries to become the holder on the disks of this machine, see below.
    public static LockResult tryAcquire(Path directory, Env env) {
        return tryAcquire(directory, env, Disk.system());
    }

    /// Tries to become the holder, without waiting. `directory` is created if it is not there.
    /// Throws [dev.holdfast.objectstore.api.ObjectStoreException] if the file system does not allow
    /// it.
    public static LockResult tryAcquire(Path directory, Env env, Disk disk) {
        String holder =
                "pid %d since %s"
                        .formatted(
                                ProcessHandle.current().pid(),
                                Instant.ofEpochMilli(env.currentTimeMillis()));
        try {
            Directories.createAll(disk, directory);
            Path file = disk.real(directory).resolve(FILE_NAME);
            return switch (disk.tryLock(file, holder)) {
                case LockAttempt.Taken(DiskLock lock) ->
                        new Acquired(new DirectoryLock(file, lock));
                case LockAttempt.Held(String other) -> new HeldBy(other);
            };
        } catch (DiskException failure) {
            throw IoFailure.of("directory not locked", directory, failure);
        }
    }

    /// Lets go. Idempotent.
    @Override
    public void close() {
        try {
            lock.close();
        } catch (DiskException failure) {
            System.getLogger(DirectoryLock.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "lock file not closed: path=`{0}` cause=`{1}`",
                            file,
                            failure.getMessage());
        }
    }
}
