package dev.holdfast.objectstore.local;

import dev.holdfast.base.Adapter;
import dev.holdfast.base.Env;
import dev.holdfast.objectstore.local.LockResult.Acquired;
import dev.holdfast.objectstore.local.LockResult.HeldBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// One process's claim to be the writer in a directory of this machine.
///
/// A courtesy between processes that share a disk, so that nobody fences a running server by
/// mistake; safety never rests on it. The operating system lets go of it when the process ends,
/// however it ends. The file `.holdfast.lock` stays behind and means nothing by itself.
@Adapter("the lock is a file")
public final class DirectoryLock implements AutoCloseable {
    /// The file that is locked, in the directory that it stands for.
    public static final String FILE_NAME = Directories.RESERVED + ".lock";

    private static final int HOLDER_BYTES_MAX = 512;

    // A POSIX lock belongs to the process, and closing any descriptor of the file lets go of it:
    // a second attempt in this JVM must not even open the file. Hence a record of our own, for the
    // whole process as the lock is.
    private static final ConcurrentMap<Path, String> HELD_HERE = new ConcurrentHashMap<>();

    private final Path file;
    private final FileChannel channel;
    private boolean released; // guarded by this

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Tries to become the holder, without waiting. `directory` is created if it is not there.
    /// Throws [dev.holdfast.objectstore.api.ObjectStoreException] if the file system does not allow
    /// it.
    public static LockResult tryAcquire(Path directory, Env env) {
        String holder =
                "pid %d since %s"
                        .formatted(
                                ProcessHandle.current().pid(),
                                Instant.ofEpochMilli(env.currentTimeMillis()));
        try {
            Directories.createAll(directory);
            Path file = directory.toRealPath().resolve(FILE_NAME);
            String earlier = HELD_HERE.putIfAbsent(file, holder);
            if (earlier != null) return new HeldBy(earlier + " (this process)");
            return lock(file, holder);
        } catch (IOException failure) {
            throw IoFailure.of("directory not locked", directory, failure);
        }
    }

    /// Who holds the directory, as far as its lock file tells: for a message, not for a decision.
    private static String holderIn(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(HOLDER_BYTES_MAX);
        while (text.hasRemaining() && 0 <= channel.read(text, text.position())) {
            continue;
        }
        String first = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
        String line = first.lines().findFirst().orElse("").strip();
        return line.isEmpty() ? "another process" : line;
    }

    private static LockResult lock(Path file, String holder) throws IOException {
        FileChannel channel = null;
        boolean acquired = false;
        try {
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) return new HeldBy(holderIn(channel));
            ByteBuffer text = ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8));
            channel.truncate(0);
            while (text.hasRemaining()) channel.write(text, text.position());
            acquired = true;
            return new Acquired(new DirectoryLock(file, channel));
        } finally {
            if (!acquired) {
                if (channel != null) channel.close();
                HELD_HERE.remove(file);
            }
        }
    }

    /// Lets go. Idempotent.
    @Override
    public synchronized void close() {
        if (released) return;
        released = true;
        try {
            channel.close();
        } catch (IOException failure) {
            System.getLogger(DirectoryLock.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "lock file not closed: path=`{0}` cause=`{1}`",
                            file,
                            failure.getMessage());
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
